import { expect, it } from "vitest";
import { failedTests, slowOnes, tally } from "./tally.mjs";

const passed = { status: "passed", fullName: "adds" };
const failed = { status: "failed", fullName: "divides", failureMessages: ["\u001b[31mexpected 2\u001b[39m\nto be 3"] };
const file = { name: "/sums.test.ts", message: "" };
const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true };
const good = { ...report, testResults: [{ ...file, status: "passed", assertionResults: [passed, passed] }] };
const mixed = {
  ...report,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  success: false,
  testResults: [{ ...file, status: "failed", assertionResults: [passed, passed, failed] }],
};

it("counts what passed, failed and was skipped", () => {
  expect(tally([good])).toBe("2 passed, 0 failed");
  expect(tally([mixed])).toBe("2 passed, 1 failed, 3 skipped");
});

it("a file that could not be loaded is a failure", () => {
  const testResults = [
    { ...file, status: "failed", message: "no such module", assertionResults: [] },
    ...good.testResults,
  ];
  expect(tally([{ ...report, success: false, testResults }])).toBe("2 passed, 1 failed");
});

it("a run that failed outside of every test never reads as a success", () => {
  expect(tally([{ ...report, success: false, testResults: [] }])).toBe("2 passed, 1 failed");
  expect(tally([good, { ...report, success: false, testResults: [] }])).toBe("4 passed, 1 failed");
});

it("adds several runs up, and other checks that failed", () => {
  expect(tally([good, mixed, good])).toBe("6 passed, 1 failed, 3 skipped");
  expect(tally([good], { failedChecks: 2 })).toBe("2 passed, 2 failed");
});

it("tells slow tests that were left out from others that were skipped", () => {
  const of = (slow: string) => {
    const assertionResults = [
      passed,
      { ...passed, status: slow, tags: ["slow"] },
      { ...passed, status: "skipped", tags: [] },
    ];
    return { ...report, numPendingTests: 2, testResults: [{ ...file, status: "passed", assertionResults }] };
  };
  expect(slowOnes(of("skipped"))).toBe(1);
  expect(slowOnes(of("passed"))).toBe(0);
  expect(tally([of("skipped")], { leftOut: 1 })).toBe("2 passed, 0 failed, 1 skipped");
});

it("names each test that failed, and how its reason begins", () => {
  const testResults = [{ ...file, status: "failed", message: "no such module", assertionResults: [] }];
  expect(failedTests(good)).toEqual([]);
  expect(failedTests(mixed)).toEqual(["✗ /sums.test.ts: divides\n    expected 2\n    to be 3"]);
  expect(failedTests({ ...report, testResults })).toEqual(["✗ /sums.test.ts\n    no such module"]);
});
