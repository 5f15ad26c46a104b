import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { totalOf } from "../../src/course/grader/reports";
import { parseNotebook, sourceOf } from "../../src/course/notebook";
import { type Answers, graded, notebookOf, realSandbox, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

/** nbgrader is an optional extra: where it is, is said by NBGRADER, like /path/to/venv/bin/nbgrader. */
const nbgrader = process.env.NBGRADER;
const folder = temporaryFolder("nbgrader");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const instructor = join(root, "notebooks/instructor");

/** For each assignment what is handed in: everything right, nothing, and something wrong beside something right. */
const classes: Readonly<
  Record<string, { readonly right: readonly string[]; readonly mixed: Answers; readonly points: object }>
> = {
  "forward-pass": {
    right: ["F1", "F2", "F3"],
    mixed: {
      F1: "function leakyRelu(Z1: Matrix, slope: number): Matrix {\n  return Z1.map((z) => Math.max(0, z));\n}",
      F2: "right",
    },
    points: { ada: 20, bob: 0, cyd: 7 },
  },
  "output-layer": {
    right: ["O1", "O2", "O3", "O4", "O5"],
    mixed: {
      O2: "function gradZ2WithTemperature(A2: Matrix, Y: Matrix, T: number): Matrix {\n  return A2.minus(Y).scale(1 / T);\n}",
      O4: "right",
      O5: "right",
    },
    points: { ada: 25, bob: 0 },
  },
  "hidden-layers": {
    right: ["H1", "H2", "backward"],
    mixed: {
      H1: "right",
      H2: "function gradThroughLeakyRelu(dA: Matrix, Z: Matrix, slope: number): Matrix {\n  return dA;\n}",
    },
    points: { ada: 20, bob: 0 },
  },
  "train-it": {
    right: ["T1", "T2", "T3"],
    mixed: {
      T1: "right",
      T2: "function momentumStep(W: Matrix, V: Matrix, dW: Matrix, eta: number, mu: number) {\n  return { W: W.minus(dW.scale(eta)), V };\n}",
    },
    points: { ada: 20, bob: 0 },
  },
};

function run(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(nbgrader as string, args, {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${dirname(nbgrader as string)}${delimiter}${process.env.PATH}`,
      JUPYTER_PATH: join(root, ".venv/share/jupyter"),
      JUPYTER_PREFER_ENV_PATH: "0",
    },
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** The points by student, as nbgrader exports them. */
function exportedPoints(folder: string): Record<string, number> {
  run(folder, "export", "--to=grades.csv");
  const [head, ...lines] = readFileSync(join(folder, "grades.csv"), "utf8").trim().split("\n");
  const columns = head.split(",");
  const field = (line: string, name: string) => line.split(",")[columns.indexOf(name)];
  return Object.fromEntries(lines.map((line) => [field(line, "student_id"), Number(field(line, "score"))]));
}

describe.skipIf(nbgrader === undefined)("nbgrader", () => {
  it.each(Object.entries(classes))(
    "%s: the same students' version, and the same points on honest, quiet submissions",
    async (assignment, { right, mixed, points }) => {
      const course = join(folder, assignment);
      const submissions = {
        ada: notebookOf(assignment, Object.fromEntries(right.map((id) => [id, "right"]))),
        bob: notebookOf(assignment, {}),
        cyd: notebookOf(assignment, mixed),
      };
      mkdirSync(course, { recursive: true });
      cpSync(join(instructor, "nbgrader_config.py"), join(course, "nbgrader_config.py"));
      cpSync(join(instructor, `${assignment}.ipynb`), join(course, `source/${assignment}/${assignment}.ipynb`));
      for (const [student, text] of Object.entries(submissions)) {
        writeFiles(course, {
          [`submitted/${student}/${assignment}/${assignment}.ipynb`]: text,
          [`in/${student}/${assignment}.ipynb`]: text,
        });
      }
      run(course, "generate_assignment", assignment);
      const sources = (path: string) => parseNotebook(readFileSync(path, "utf8")).cells.map(sourceOf);
      expect(sources(join(course, `release/${assignment}/${assignment}.ipynb`))).toEqual(
        sources(join(root, `notebooks/assignments/${assignment}.ipynb`)),
      );
      run(course, "autograde", assignment);
      run(course, "generate_feedback", assignment);
      const theirs = exportedPoints(course);
      const ours = await graded(join(course, "in"), join(course, "out"), await realSandbox(course));
      expect(theirs).toEqual(
        Object.fromEntries([...ours].map(([student, result]) => [student, totalOf(result).score])),
      );
      expect(theirs).toMatchObject(points);
      expect(theirs.cyd).toBeGreaterThan(0);
      expect(theirs.cyd).toBeLessThan(theirs.ada);
      for (const student of Object.keys(submissions)) {
        const page = readFileSync(join(course, `feedback/${student}/${assignment}/${assignment}.html`), "utf8");
        expect(page).toContain(right[0]);
      }
    },
    1_200_000,
  );
});
