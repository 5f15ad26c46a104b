import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { verify } from "../../src/course";
import { exerciseOf } from "../../src/course/exercises";
import { graded, notebookOf, realSandbox, scores, temporaryFolder, writeFiles } from "./classroom";

const folder = temporaryFolder("resubmissions");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CALLS = exerciseOf("F3").questions(1).length;
/** Answers that are all wrong, one of them by far the most: the feedback tells what it should have been. */
const probing = (k: number) => (call: number) => (call === k ? 1e300 : 0);
const cell = (answers: string) =>
  `let calls = 0;\nfunction smoothedCrossEntropy(): any { return (${answers})(calls++); }`;

test("to a grader that always draws the same inputs, a table of what its feedback has told is right", () => {
  const counted = (answers: (call: number) => number) => {
    let calls = 0;
    return () => answers(calls++);
  };
  const told = Array.from({ length: CALLS }, (_, k) => verify("F3", counted(probing(k)), { seed: 7 }).worst?.expected);
  expect(
    verify(
      "F3",
      counted((call) => told[call] ?? 0),
      { seed: 7 },
    ).passed,
  ).toBe(true);
});

test("what the feedback tells is worth nothing to whoever hands in again", async () => {
  const sandbox = await realSandbox(folder);
  for (let k = 0; k < CALLS; k++) {
    writeFiles(join(folder, "first"), {
      [`s${k}/forward-pass.ipynb`]: notebookOf("forward-pass", { F3: cell(`(call) => (call === ${k} ? 1e300 : 0)`) }),
    });
  }
  const first = await graded(join(folder, "first"), join(folder, "out"), sandbox);
  const told = Array.from({ length: CALLS }, (_, k) => {
    const worst = first.get(`s${k}`)?.assignments[0].exercises.find(({ id }) => id === "F3")?.worst;
    return worst?.got === "1e+300" ? worst.expected : "0";
  });
  expect(told.filter((value) => value !== "0").length).toBeGreaterThanOrEqual(7);
  writeFiles(join(folder, "again"), {
    "s/forward-pass.ipynb": notebookOf("forward-pass", { F3: cell(`(call) => [${told}][call]`) }),
  });
  const again = await graded(join(folder, "again"), join(folder, "out"), sandbox);
  expect(scores(again.get("s")).F3).toBe(0);
});
