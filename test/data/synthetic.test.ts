import { describe, expect, it } from "vitest";
import { predict } from "../../src/data/labels";
import { moons, spirals } from "../../src/data/synthetic";

describe.each([
  ["spirals", spirals, 3],
  ["moons", moons, 2],
] as const)("%s", (name, make, classes) => {
  it("makes perClass samples of each class, with the class ids in Y", () => {
    const { X, Y, labels } = make({ perClass: 7 });
    expect([X.shape, Y.shape]).toEqual([`${7 * classes}×2`, `${7 * classes}×${classes}`]);
    expect(predict(Y)).toEqual(labels);
    for (let c = 0; c < classes; c++) expect(labels.filter((label) => label === c)).toHaveLength(7);
  });

  it("makes the same for the same seed, and other noise for another", () => {
    expect(make({ seed: 4 })).toEqual(make({ seed: 4 }));
    expect(make({ seed: 4 }).X).not.toEqual(make({ seed: 5 }).X);
    expect(make({ seed: 4, noise: 0 }).X).toEqual(make({ seed: 5, noise: 0 }).X);
  });

  it("says what is wrong with an option", () => {
    expect(() => make({ noise: -1 })).toThrow(`${name}: noise is -1; expected a number of at least 0`);
    expect(() => make({ perClass: 1 })).toThrow(`${name}: perClass is 1; expected a whole number of at least 2`);
    expect(() => make({ seed: 0.5 })).toThrow(/^(spirals|moons): seed is 0.5/);
  });
});

describe("without noise", () => {
  it("the spirals' radius grows from 0 to 1 along each arm", () => {
    const { X } = spirals({ classes: 2, perClass: 3, noise: 0 });
    const radii = X.toRows().map(([x, y]) => Number(Math.hypot(x, y).toFixed(12)));
    expect(radii).toEqual([0, 0.5, 1, 0, 0.5, 1]);
  });

  it("the moons are half circles around (0, 0) and (1, ½)", () => {
    const { X, labels } = moons({ noise: 0, perClass: 9 });
    X.toRows().forEach(([x, y], i) => {
      const [cx, cy] = labels[i] === 0 ? [0, 0] : [1, 0.5];
      expect(Math.hypot(x - cx, y - cy)).toBeCloseTo(1, 12);
      expect(labels[i] === 0 ? y : 0.5 - y).toBeGreaterThan(-1e-12);
    });
  });
});
