import { describe, expect, it } from "vitest";
import { errorAgainstStep } from "../../../src/show/charts";
import { drawn } from "./plotted";

const central = {
  name: "central",
  points: [
    { h: 1e-2, error: 1e-5 },
    { h: 1e-6, error: 1e-11 },
    { h: 1e-9, error: 1e-7 },
  ],
};
const forward = {
  name: "forward",
  points: [
    { h: 1e-2, error: 1e-2 },
    { h: 1e-8, error: 0 },
  ],
};

describe("errorAgainstStep", () => {
  it("draws each error at its step, a line for each way, and leaves out an error of 0", () => {
    const lines = drawn(errorAgainstStep([central, forward])).filter(({ kind }) => kind === "line");
    const points = lines.map(({ rows }) =>
      rows
        .filter(({ value }) => value !== null)
        .map(({ series, x, value }) => [["central", "forward"][series as number], x, value]),
    );
    expect(points).toEqual([
      [
        ["central", 1e-9, 1e-7],
        ["central", 1e-6, 1e-11],
        ["central", 1e-2, 1e-5],
      ],
      [["forward", 1e-2, 1e-2]],
    ]);
  });

  it("has two logarithmic axes", () => {
    expect(JSON.stringify(errorAgainstStep([central]).spec).match(/"type":"log"/g)!.length).toBeGreaterThanOrEqual(2);
  });

  it("says of a level line that no step is better than another", () => {
    const points = [1e-6, 1e-2].map((h) => ({ h, error: 1.5e-16 }));
    expect(errorAgainstStep([{ name: "dual numbers", points }]).description).toContain(
      "dual numbers has an error of 1.5e−16 at every step",
    );
  });

  it("says where each way is best", () => {
    expect(errorAgainstStep([central, forward]).description).toContain(
      "central is best at h = 1e−6, with an error of 1e−11; forward is best at h = 0.01, with an error of 0.01",
    );
  });

  it("refuses nothing at all and step sizes that are not positive", () => {
    expect(() => errorAgainstStep([])).toThrow("errorAgainstStep: series is empty or one has no points");
    expect(() => errorAgainstStep([{ name: "a", points: [{ h: 0, error: 1 }] }])).toThrow(
      'errorAgainstStep: "a" has the step size 0; expected a positive number',
    );
  });
});
