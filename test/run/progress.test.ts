import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TestModule, TestSpecification, Vitest } from "vitest/node";
import Progress from "./progress.mjs";

let root: string;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
  root = mkdtempSync(join(tmpdir(), "progress-"));
  said = [];
  vi.spyOn(console, "log").mockImplementation((line) => said.push(line));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const files = ["a.test.ts", "b.test.ts", "c.test.ts"];
const idOf = (file: string) => ({ moduleId: join(root, "test", file) });

/** A run of three files on one worker, each of which takes so many seconds. */
function run(tagsFilter: string[] | undefined, seconds: number, stopAfter = files.length): void {
  const progress = new Progress();
  progress.onInit({ config: { root, maxWorkers: 1, tagsFilter } } as unknown as Vitest);
  progress.onTestRunStart(files.map(idOf) as TestSpecification[]);
  for (const file of files.slice(0, stopAfter)) {
    progress.onTestModuleQueued(idOf(file) as TestModule);
    vi.advanceTimersByTime(1000 * seconds);
    progress.onTestModuleEnd(idOf(file) as TestModule);
  }
  if (stopAfter === files.length) progress.onTestRunEnd();
}

it("says how long the tests will take from the second time on, and how far they are", () => {
  run(["!slow"], 30);
  expect(said[0]).toBe("── 3 test files, for the first time here");
  expect(said[1]).toBe("── 0:20 min: 0 of 3 files; in test/a.test.ts (0:20 min)");
  said = [];
  run(["!slow"], 30);
  expect(said[0]).toBe("── 3 test files, about 1:30 min as the last time");
  expect(said[1]).toBe("── 0:20 min: 0 of 3 files, about 1:10 min to go; in test/a.test.ts (0:20 min)");
  const before = said.length;
  vi.advanceTimersByTime(100_000);
  expect(said.length).toBe(before);
});

it("keeps the quick tests' times and those of all apart", () => {
  run(["!slow"], 10);
  run(undefined, 60);
  said = [];
  run(["!slow"], 10);
  expect(said[0]).toBe("── 3 test files, about 0:30 min as the last time");
});

it("learns from a run that is interrupted, too", () => {
  run(["!slow"], 40, 2);
  said = [];
  run(["!slow"], 40);
  expect(said[0]).toBe("── 3 test files, about 2:00 min as the last time");
});
