import { expect, it } from "vitest";
import { huntSeed } from "../../src/course/exercises/hunt";
import { bugHunt } from "../../src/verification/bug-hunt";

it("each student has a hunt of their own, which their name and the teacher's secret decide", () => {
  const names = ["Ada", "Grace", "Emmy", "Sofja", "Émilie"];
  const codes = names.map((name) => bugHunt(huntSeed(name, "a secret"), 2).code);
  expect(new Set(codes).size).toBe(names.length);
  expect(names.map((name) => bugHunt(huntSeed(` ${name.toUpperCase()} `, "a secret"), 2).code)).toEqual(codes);
  expect(huntSeed("Ada", "another secret")).not.toBe(huntSeed("Ada", "a secret"));
  expect(() => huntSeed(" ", "a secret")).toThrow(/no name/);
  expect(() => huntSeed("Ada", "")).toThrow(/no secret/);
});
