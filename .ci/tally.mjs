// Prints the closing line of a test run: node .ci/tally.mjs REPORT
import { readFileSync } from "node:fs";
import { tally } from "../src/setup/tally.mjs";

console.log(tally(JSON.parse(readFileSync(process.argv[2], "utf8"))));
