/** The program that grades one submission where Gradescope runs it: `grader.mjs SUBMISSION RESULTS HARNESS`. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import { fileReader, findSandbox, gradeClass, mastersIn, NoSandbox, secretIn } from "../grader";

const [submissions, results, harness] = process.argv.slice(2);
const out = mkdtempSync(join(tmpdir(), "grading-"));
try {
  const sandbox = findSandbox(harness, false, undefined, ["bubblewrap", "another user"]);
  console.log(`The student's code is kept apart by: ${sandbox.isolation}.`);
  const [student] = await gradeClass({
    submissions,
    student: "submission",
    out,
    masters: mastersIn("assignments"),
    readFile: fileReader(harness),
    sandbox,
    secret: secretIn("secret", results),
    version: "",
    jobs: 1,
  });
  const nothing = { score: 0, output: "There is no notebook (.ipynb) in what was handed in.", tests: [] };
  const text = student ? readFileSync(join(out, student.folder, "results.json"), "utf8") : JSON.stringify(nothing);
  writeWhole(join(results, "results.json"), text);
} catch (error) {
  // Without results Gradescope tells the teacher that the autograder failed, which is what happened.
  console.error(error instanceof NoSandbox ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
