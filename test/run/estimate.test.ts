import { describe, expect, it } from "vitest";
import { minutes, timeLeft } from "./estimate.mjs";

const last = { "a.test.ts": 60_000, "b.test.ts": 40_000, "c.test.ts": 20_000 };
const waiting = (...names: string[]) => new Map<string, number | undefined>(names.map((name) => [name, undefined]));

describe("the time that is left", () => {
  it("is what the files took the last time, shared among the workers", () => {
    const files = waiting("a.test.ts", "b.test.ts", "c.test.ts");
    expect(timeLeft({ files, last, now: {}, workers: 2 })).toBe(60_000);
    expect(timeLeft({ files, last, now: {}, workers: 1 })).toBe(120_000);
  });

  it("is no less than the longest file takes", () => {
    expect(timeLeft({ files: waiting("a.test.ts", "c.test.ts"), last, now: {}, workers: 4 })).toBe(60_000);
  });

  it("takes off what a file has already had, and never more than all", () => {
    const files = new Map([
      ["a.test.ts", 1_000],
      ["c.test.ts", 1_000],
    ]);
    expect(timeLeft({ files, last, now: {}, workers: 2, clock: 31_000 })).toBe(30_000);
    expect(timeLeft({ files, last, now: {}, workers: 2, clock: 500_000 })).toBe(0);
  });

  it("grows on a machine that is slower today, once some seconds have shown it", () => {
    const files = waiting("b.test.ts");
    expect(timeLeft({ files, last, now: { "a.test.ts": 90_000 }, workers: 1 })).toBe(60_000);
    const short = { ...last, "d.test.ts": 100 };
    expect(timeLeft({ files, last: short, now: { "d.test.ts": 900 }, workers: 1 })).toBe(40_000);
  });

  it("takes a file without a time for the middle one", () => {
    expect(timeLeft({ files: waiting("new.test.ts"), last, now: {}, workers: 1 })).toBe(40_000);
    expect(timeLeft({ files: waiting("new.test.ts"), last: {}, now: {}, workers: 1 })).toBe(0);
  });
});

it("times are written in minutes", () => {
  expect([0, 4_000, 59_600, 247_000].map(minutes)).toEqual(["0:00 min", "0:04 min", "1:00 min", "4:07 min"]);
});
