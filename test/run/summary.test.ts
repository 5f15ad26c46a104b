import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../../src/setup/problem.mjs";
import { Summary } from "./summary.mjs";

let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "summary-"));
  said = "";
  for (const method of ["log", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((line) => (said += `${line}\n`));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What Vitest would leave of one passed test, and of one that is slow and was left out. */
function writeReport(path: string): void {
  const assertionResults = [
    { status: "passed", fullName: "adds", tags: [] },
    { status: "skipped", fullName: "adds for an hour", tags: ["slow"] },
  ];
  const counts = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };
  writeFileSync(
    path,
    JSON.stringify({
      ...counts,
      success: true,
      testResults: [{ name: "/sums.test.ts", message: "", status: "passed", assertionResults }],
    }),
  );
}

it("closes with what passed, what is left out and how many tests that were", async () => {
  const summary = new Summary();
  await summary.check("lint", async () => 0);
  const report = join(folder, "report.json");
  await summary.tests("tests", report, true, async () => {
    writeReport(report);
    return 0;
  });
  expect(summary.close("Left out: # slow tests.")).toBe(0);
  expect(said).toMatch(
    /\n✓ lint {2}\(\d\.\d s\)\n✓ tests {2}\(\d\.\d s\)\nLeft out: 1 slow tests\.\n1 passed, 0 failed\n$/,
  );
});

it("where everything runs, a slow test that did not is one that was skipped", async () => {
  const summary = new Summary();
  const report = join(folder, "report.json");
  await summary.tests("tests", report, false, async () => {
    writeReport(report);
    return 0;
  });
  expect(summary.close()).toBe(0);
  expect(said).toMatch(/\n1 passed, 0 failed, 1 skipped\n$/);
  expect(said).not.toContain("Left out");
});

it("counts a check that failed, and tests that could not begin, as failures", async () => {
  const summary = new Summary();
  await summary.check("types", async () => 2);
  const report = join(folder, "report.json");
  writeReport(report);
  await summary.tests("another Node", report, false, async () => {
    throw new Problem("No network: npm could not reach its package registry.");
  });
  expect(existsSync(report)).toBe(false);
  expect(summary.close()).toBe(1);
  expect(said).toContain("No network");
  expect(said).toMatch(/\n✗ types .*\n✗ another Node .*\n0 passed, 2 failed\n$/);
});
