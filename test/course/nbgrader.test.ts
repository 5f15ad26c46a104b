import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { totalOf } from "../../src/course/grader/reports";
import { parseNotebook, sourceOf } from "../../src/course/notebook";
import { graded, notebookOf, realSandbox, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

/** nbgrader is an optional extra: where it is, is said by NBGRADER, like /path/to/venv/bin/nbgrader. */
const nbgrader = process.env.NBGRADER;
const folder = temporaryFolder("nbgrader");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const instructor = join(root, "notebooks/instructor");
const leaky = (body: string) => `function leakyRelu(Z1: Matrix, slope: number): Matrix {\n  return ${body};\n}`;
const submissions = {
  ada: notebookOf("forward-pass", { F1: "right", F2: "right", F3: "right" }),
  bob: notebookOf("forward-pass", {}),
  cyd: notebookOf("forward-pass", { F1: leaky("Z1.map((z) => Math.max(0, z))"), F2: "right" }),
};

function run(...args: string[]): string {
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

describe.skipIf(nbgrader === undefined)("nbgrader", () => {
  test("makes the same students' version, and gives the same points on honest, quiet submissions", async () => {
    cpSync(join(instructor, "nbgrader_config.py"), join(folder, "nbgrader_config.py"));
    cpSync(join(instructor, "forward-pass.ipynb"), join(folder, "source/forward-pass/forward-pass.ipynb"));
    for (const [student, text] of Object.entries(submissions)) {
      writeFiles(folder, {
        [`submitted/${student}/forward-pass/forward-pass.ipynb`]: text,
        [`in/${student}/forward-pass.ipynb`]: text,
      });
    }
    run("generate_assignment", "forward-pass");
    const sources = (path: string) => parseNotebook(readFileSync(path, "utf8")).cells.map(sourceOf);
    expect(sources(join(folder, "release/forward-pass/forward-pass.ipynb"))).toEqual(
      sources(join(root, "notebooks/assignments/forward-pass.ipynb")),
    );
    run("autograde", "forward-pass");
    run("generate_feedback", "forward-pass");
    run("export", "--to=grades.csv");
    const lines = readFileSync(join(folder, "grades.csv"), "utf8").split("\n").slice(1);
    const theirs = Object.fromEntries(
      lines.filter(Boolean).map((line) => [line.split(",")[3], Number(line.split(",")[9])]),
    );
    const ours = await graded(join(folder, "in"), join(folder, "out"), await realSandbox(folder));
    expect(theirs).toEqual(Object.fromEntries([...ours].map(([student, result]) => [student, totalOf(result).score])));
    expect(theirs).toEqual({ ada: 20, bob: 0, cyd: 7 });
    for (const student of Object.keys(submissions)) {
      expect(readFileSync(join(folder, `feedback/${student}/forward-pass/forward-pass.html`), "utf8")).toContain("F1");
    }
  }, 300_000);
});
