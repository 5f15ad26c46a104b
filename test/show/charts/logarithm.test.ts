import { describe, expect, it } from "vitest";
import { negativeLog } from "../../../src/show/charts";
import { drawn, wordsIn } from "./plotted";

describe("negativeLog", () => {
  it("draws −ln p over the whole range", () => {
    const curve = drawn(negativeLog(0.5)).find(({ kind, rows }) => kind === "line" && rows.length > 50)!;
    for (const { at, loss } of curve.rows as { at: number; loss: number }[])
      expect(loss).toBeCloseTo(-Math.log(at), 12);
    expect(curve.rows.length).toBe(200);
  });

  it.each([0.2, 0.9])("marks p with its loss, and a tangent of slope −1/p, also where the slider moves it: %s", (p) => {
    const marks = drawn(negativeLog(0.5), { p });
    const [point] = marks.find(({ kind }) => kind === "symbol")!.rows as { at: number; loss: number }[];
    expect(point.at).toBe(p);
    expect(point.loss).toBeCloseTo(-Math.log(p), 12);
    const [a, b] = marks.find(({ kind, rows }) => kind === "line" && rows.length === 2)!.rows as (typeof point)[];
    expect((b.loss - a.loss) / (b.at - a.at)).toBeCloseTo(-1 / p, 9);
    expect((a.at + b.at) / 2).toBeCloseTo(p, 12);
  });

  it("writes the numbers beside it", () => {
    expect(wordsIn(negativeLog(0.2))).toEqual(["p = 0.2", "−ln p = 1.609", "slope −1/p = −5"]);
  });

  it.each([0, -0.1, 1.5, Number.NaN])("refuses p = %s", (p) => {
    expect(() => negativeLog(p)).toThrow(`negativeLog: p is ${p}; expected a probability above 0 and at most 1`);
  });
});
