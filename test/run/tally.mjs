import { stripVTControlCharacters } from "node:util";

/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   success: boolean, testResults: { name: string, status: string, message: string, assertionResults: Test[] }[] }} Report
 *   what Vitest's JSON reporter writes
 * @typedef {{ status: string, tags?: string[], fullName: string, failureMessages?: string[] | null }} Test
 */

/**
 * The closing line of one test run or several, such as "12 passed, 0 failed, 1 skipped". A test file that could not even
 * be loaded counts as one failure, and so does every other check that failed.
 *
 * @param {Report[]} reports
 * @param {object} [others]
 * @param {number} [others.failedChecks]
 * @param {number} [others.leftOut] how many of the skipped tests are not to be counted
 * @returns {string}
 */
export function tally(reports, { failedChecks = 0, leftOut = 0 } = {}) {
  const sum = (/** @type {(report: Report) => number} */ of) =>
    reports.reduce((total, report) => total + of(report), 0);
  const failed = sum(failures) + failedChecks;
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests) - leftOut;
  const passed = sum(({ numPassedTests }) => numPassedTests);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * How many tests did not run because they are slow.
 *
 * @param {Report} report
 * @returns {number}
 */
export function slowOnes({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status, tags }) => status !== "passed" && status !== "failed" && tags?.includes("slow"))
    .length;
}

/**
 * What failed, each with the beginning of its reason: said at the end of a run that was longer than a screen holds.
 *
 * @param {Report} report
 * @returns {string[]}
 */
export function failedTests({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [`✗ ${name}\n${beginning(message)}`];
    return failed.map((test) => `✗ ${name}: ${test.fullName}\n${beginning(test.failureMessages?.join("\n") ?? "")}`);
  });
}

/** @param {string} text */
function beginning(text) {
  const lines = stripVTControlCharacters(text).split("\n").slice(0, 12);
  return lines.map((line) => `    ${line.slice(0, 300)}`).join("\n");
}

/** @param {Report} report */
function failures({ numFailedTests, success, testResults }) {
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  const failed = numFailedTests + brokenFiles.length;
  // Such as an error outside of every test.
  return failed === 0 && !success ? 1 : failed;
}
