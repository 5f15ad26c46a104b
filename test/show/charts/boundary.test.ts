import { describe, expect, it } from "vitest";
import { predict } from "../../../src/data/labels";
import { moons } from "../../../src/data/synthetic";
import { forward } from "../../../src/forward";
import { Matrix } from "../../../src/matrix";
import { decisionBoundary } from "../../../src/show/charts";
import { parametersOf } from "../../../src/train";
import { run } from "./gallery";
import { drawn } from "./plotted";

const data = moons();
const chart = decisionBoundary(run.history, data);
const snapshots = run.history.filter(({ weights }) => weights);

type Run = { x: number; x2: number; y: number; y2: number; class: number };

describe("decisionBoundary", () => {
  it.each([0, snapshots.length - 1])(
    "paints each place in the class that the network gives to it: frame %s",
    (frame) => {
      const runs = drawn(chart, { frame }).find(({ kind }) => kind === "rect")!.rows as unknown as Run[];
      const parameters = parametersOf(snapshots[frame]);
      for (const { x, x2, y, y2, class: painted } of runs) {
        const cell = y2 - y;
        const middles = [x + cell / 2, x2 - cell / 2].map((at) => [at, (y + y2) / 2]);
        expect(predict(forward(Matrix.fromRows(middles), parameters).A2)).toEqual([painted, painted]);
      }
      const area = runs.reduce((sum, { x, x2, y, y2 }) => sum + (x2 - x) * (y2 - y), 0);
      const [xs, ys] = [runs.flatMap(({ x, x2 }) => [x, x2]), runs.flatMap(({ y, y2 }) => [y, y2])];
      const whole = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
      expect(area / whole).toBeCloseTo(1, 4);
    },
  );

  it("draws every sample at its place, by its true class", () => {
    const points = drawn(chart).find(({ kind }) => kind === "symbol")!.rows;
    expect(points).toHaveLength(data.X.rows);
    points.forEach(({ x, y, name }, i) => {
      expect(x).toBeCloseTo(data.X.get(i, 0), 5);
      expect(y).toBeCloseTo(data.X.get(i, 1), 5);
      expect(name).toBe(`class ${data.labels[i]}`);
    });
  });

  it("thins out a long history, and keeps the first and the last epoch", () => {
    const long = Array.from({ length: 101 }, (_, epoch) => ({ ...snapshots[0], epoch }));
    expect(decisionBoundary(long, data).description).toContain("from epoch 0 to 100");
    expect(JSON.stringify(decisionBoundary(long, data).spec).match(/"frame":\d+,"row"/g)).toHaveLength(16);
  });

  it("refuses data that are not in the plane, and a history without snapshots", () => {
    expect(() => decisionBoundary(run.history, { X: Matrix.zeros(4, 3), Y: Matrix.zeros(4, 2) })).toThrow(
      "X is 4×3; expected N×2",
    );
    expect(() => decisionBoundary(run.history, undefined as never)).toThrow(
      "decisionBoundary: samples is undefined; expected { X, Y }, each a Matrix",
    );
    expect(() => decisionBoundary(run.history, { X: data.X } as never)).toThrow(
      "decisionBoundary: samples.Y is undefined",
    );
    const bare = run.history.map(({ weights: _, ...record }) => record);
    expect(() => decisionBoundary(bare, data)).toThrow("decisionBoundary: no record of history has weights");
  });

  it("refuses classes that are not one-hot, and names that are not one per class", () => {
    expect(() => decisionBoundary(run.history, { X: data.X, Y: data.Y.scale(0.5) })).toThrow(
      "decisionBoundary: row 0 of Y is [0.5, 0]; expected one-hot",
    );
    expect(() => decisionBoundary(run.history, data, { classNames: ["a"] })).toThrow(
      "decisionBoundary: classNames has 1 entries; expected 2, one per class",
    );
    expect(() => decisionBoundary(run.history, data, { classNames: "ab" as never })).toThrow(
      "decisionBoundary: classNames is a string; expected 2, one per class",
    );
  });
});
