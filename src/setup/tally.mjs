/**
 * The closing line of a test run, such as "12 passed, 0 failed, 1 skipped". A test file that could not even be
 * loaded counts as one failure.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   success: boolean, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 *   what Vitest's JSON reporter writes
 * @returns {string}
 */
export function tally(report) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  let failed = report.numFailedTests + brokenFiles.length;
  // Such as an error outside of every test.
  if (failed === 0 && !report.success) failed = 1;
  const skipped = report.numPendingTests + report.numTodoTests;
  return `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
