import { describe, expect, it } from "vitest";
import { Matrix } from "../../../src/matrix";
import { binFrames, type Frame } from "../../../src/show/charts/bins";

describe("binFrames", () => {
  it("counts by hand-made numbers, with the same bins in all frames", () => {
    const frames = [
      { epoch: 0, values: { A: Matrix.fromRows([[0, 1, 1.5, 4]]) } },
      { epoch: 5, values: { A: [2, 2.1, 3.9] } },
    ];
    expect(binFrames("f", frames, 4)).toEqual([
      { epoch: 0, name: "A", start: 0, width: 1, counts: [1, 2, 0, 1], zeros: 0 },
      { epoch: 5, name: "A", start: 0, width: 1, counts: [0, 0, 2, 1], zeros: 0 },
    ]);
  });

  it("counts exact zeros apart on request", () => {
    const [{ counts, zeros, start }] = binFrames("f", [{ epoch: 0, values: { A: [0, 1, 0, 3, 0] } }], 2, true);
    expect({ counts, zeros, start }).toEqual({ counts: [1, 1], zeros: 3, start: 1 });
  });

  it("counts numbers as far apart as there are", () => {
    const [{ counts }] = binFrames("f", [{ epoch: 0, values: { A: [-1.7e308, 0, 1.7e308] } }], 3);
    expect(counts).toEqual([1, 1, 1]);
  });

  it("puts values that are all the same into one bin", () => {
    const [{ counts, start, width }] = binFrames("f", [{ epoch: 0, values: { A: [7, 7, 7] } }], 5);
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    expect(counts.filter((count) => count > 0)).toEqual([3]);
    const bin = counts.indexOf(3);
    expect(start + bin * width).toBeLessThanOrEqual(7);
    expect(start + (bin + 1) * width).toBeGreaterThan(7);
  });

  it("refuses no frames at all", () => {
    expect(() => binFrames("histograms", [], 5)).toThrow("histograms: frames is empty; expected at least one");
    expect(() => binFrames("f", undefined as never, 5)).toThrow("f: frames is undefined; expected an array of frames");
  });

  it("names a frame that is none", () => {
    const frame = { epoch: 0, values: { A: [1] } };
    expect(() => binFrames("f", [frame, undefined as never], 5)).toThrow("f: frames[1] is undefined; expected { epoch");
    expect(() => binFrames("f", [frame, { epoch: 1 } as never], 5)).toThrow(
      "f: frames[1].values is undefined; expected { epoch, values }, the values by name",
    );
    expect(() => binFrames("f", [{ epoch: 0, values: {} }], 5)).toThrow("f: frames[0].values is empty");
  });

  it("refuses a frame that has not the names of the first one", () => {
    const of = (...names: string[]) => Object.fromEntries(names.map((name) => [name, [1, 2]]));
    const binned = (first: string[], second: string[]) => () =>
      binFrames(
        "f",
        [
          { epoch: 0, values: of(...first) },
          { epoch: 1, values: of(...second) },
        ],
        5,
      );
    expect(binned(["A", "B"], ["A"])).toThrow("f: frames[1] has no B; expected the names of frames[0]: A, B");
    expect(binned(["A"], ["A", "B"])).toThrow("f: frames[1] has B, too; expected the names of frames[0]: A");
    expect(binned(["A", "B"], ["B", "A"])).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "says where an entry is %s, in a list and in a Matrix",
    (bad) => {
      const frames = (A: Frame["values"][string]) => [
        { epoch: 0, values: { A: [1, 2] } },
        { epoch: 5, values: { A } },
      ];
      expect(() => binFrames("f", frames([1, 2, bad]), 5)).toThrow(
        `f: frames[1].values.A has ${bad} at entry 2; expected finite numbers`,
      );
      expect(() => binFrames("f", frames(new Matrix(2, 2, Float64Array.of(1, 2, bad, 4))), 5)).toThrow(
        `f: frames[1].values.A has ${bad} at row 1, column 0; expected finite numbers`,
      );
    },
  );

  it("names values of another kind, and none at all", () => {
    const binned = (A: unknown) => () => binFrames("f", [{ epoch: 0, values: { A: A as number[] } }], 5);
    expect(binned(undefined)).toThrow("f: frames[0].values.A is undefined; expected a Matrix or an array of");
    expect(binned("12")).toThrow("f: frames[0].values.A is a string; expected a Matrix or an array of numbers");
    expect(binned({})).toThrow("f: frames[0].values.A is an object; expected a Matrix or an array of numbers");
    expect(binned([])).toThrow("f: frames[0].values.A is empty; expected at least one number");
    expect(binned([1, "2"])).toThrow("f: frames[0].values.A has a string at entry 1; expected finite numbers");
    expect(binned([1, null])).toThrow("f: frames[0].values.A has null at entry 1; expected finite numbers");
  });

  it("refuses a number of bins that is none", () => {
    expect(() => binFrames("f", [{ epoch: 0, values: { A: [1] } }], 0)).toThrow(
      "f: bins is 0; expected a whole number of at least 1",
    );
  });
});
