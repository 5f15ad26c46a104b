import { expect, test } from "vitest";
import { tally } from "../../src/setup/tally.mjs";

const passed = { status: "passed" };
const failed = { status: "failed" };
const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true };

test("counts what passed, failed and was skipped", () => {
  const testResults = [{ status: "passed", assertionResults: [passed, passed] }];
  expect(tally({ ...report, testResults })).toBe("2 passed, 0 failed");
  const mixed = { ...report, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, success: false };
  expect(tally({ ...mixed, testResults: [{ status: "failed", assertionResults: [passed, passed, failed] }] })).toBe(
    "2 passed, 1 failed, 3 skipped",
  );
});

test("a file that could not be loaded is a failure", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "passed", assertionResults: [passed, passed] },
  ];
  expect(tally({ ...report, success: false, testResults })).toBe("2 passed, 1 failed");
});

test("a run that failed outside of every test never reads as a success", () => {
  expect(tally({ ...report, success: false, testResults: [] })).toBe("2 passed, 1 failed");
});
