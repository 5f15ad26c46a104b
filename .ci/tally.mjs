// Prints the closing line of one test run or of several: node .ci/tally.mjs REPORT...
import { readFileSync } from "node:fs";
import { tally } from "../src/setup/tally.mjs";

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const sum = (/** @type {string} */ field) => reports.reduce((total, report) => total + report[field], 0);
console.log(
  tally({
    numPassedTests: sum("numPassedTests"),
    numFailedTests: sum("numFailedTests"),
    numPendingTests: sum("numPendingTests"),
    numTodoTests: sum("numTodoTests"),
    success: reports.every(({ success }) => success),
    testResults: reports.flatMap(({ testResults }) => testResults),
  }),
);
