/**
 * Submissions that are broken in many ways are graded as far as they go, and told what is wrong.
 *
 * @module-tag slow
 */
import { readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeZip } from "../../src/course/archive";
import { exercises } from "../../src/course/exercises";
import { gradeNotebook } from "../../src/course/grader/grade-submission";
import type { StudentResult } from "../../src/course/grader/reports";
import { type Cell, gradeIdOf, type Notebook } from "../../src/course/notebook";
import {
  graded,
  masters,
  message,
  notebookOf,
  ownCell,
  realSandbox,
  scores,
  solutionText,
  temporaryFolder,
  writeFiles,
} from "./classroom";

const master = masters.get("forward-pass") as Notebook;
const all = { F1: "right", F2: "right", F3: "right" };
const full = [4, 7, 9];
const none = [0, 0, 0];
const whole = notebookOf("forward-pass", all);
const F1 = solutionText("forward-pass", "F1");
const F2 = solutionText("forward-pass", "F2");
const changed = (answers: object, change?: (cells: Cell[]) => Cell[]) =>
  notebookOf("forward-pass", { ...all, ...answers }, change);
const edited = (f: (notebook: Notebook) => unknown) => JSON.stringify(f(JSON.parse(whole)));
const withoutIds = (cells: readonly Cell[]) => cells.map(({ id: _, ...cell }) => cell);
/** The notebook, right but for a cell with this in it. */
const beside = (source: string) => changed({}, (cells) => [ownCell(source), ...cells]);
const leaky = (body: string) => `function leakyRelu(Z1: Matrix, slope: number): Matrix {\n${body}\n}`;

/** What is handed in, the points that it is worth, and what the student is told of F1. */
const cases: Readonly<Record<string, readonly [file: string | Uint8Array, points: readonly number[], told?: RegExp]>> =
  {
    "an empty file": ["", none, /file is empty/],
    "nothing but spaces": ["  \n ", none, /file is empty/],
    "cut off in the middle": [whole.slice(0, whole.length / 2), none, /not complete JSON/],
    "cut off at the end": [whole.slice(0, -1), none, /not complete JSON/],
    "not JSON": ["<html>Sign in</html>", none, /web page \(HTML\)/],
    "bytes of an image": [new Uint8Array([137, 80, 78, 71, 0, 255, 254, 10]), none, /a picture \(PNG\)/],
    "a list": ["[1, 2]", none, /not an object/],
    null: ["null", none, /not an object/],
    "a number": ["42", none, /not an object/],
    "no cells": ['{"nbformat": 4}', none, /no list of cells/],
    "cells that are no list": ['{"cells": {"a": 1}}', none, /no list of cells/],
    "an empty list of cells": ['{"cells": [], "metadata": {}}', none, /no function named leakyRelu/],
    "cells that are none": [
      '{"cells": [null, 1, "x", [], {"cell_type": 3}, {"cell_type": "code"}], "metadata": null}',
      none,
      /no function/,
    ],
    "JSON that is nested deeply": [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, none, /./],
    "a byte order mark": [`\uFEFF${whole}`, full],
    "Windows line ends": [whole.replaceAll("\\n", "\\r\\n"), full],
    "nbformat 3": [
      edited(({ cells, metadata }) => ({
        nbformat: 3,
        nbformat_minor: 0,
        metadata,
        worksheets: [
          {
            cells: cells.map(({ source, ...cell }: Cell) =>
              cell.cell_type === "code" ? { ...cell, input: source } : { ...cell, source },
            ),
          },
        ],
      })),
      full,
    ],
    "nbformat 4.2, without ids": [
      edited((notebook) => ({ ...notebook, nbformat_minor: 2, cells: withoutIds(notebook.cells) })),
      full,
    ],
    "huge outputs": [
      edited((notebook) => ({
        ...notebook,
        cells: notebook.cells.map((cell: Cell) => ({
          ...cell,
          outputs: [{ output_type: "stream", text: "x".repeat(3e5) }],
        })),
      })),
      full,
    ],
    "no metadata": [edited(({ cells }) => ({ cells: cells.map(({ metadata: _, ...cell }: Cell) => cell) })), full],
    "another kernel": [edited((notebook) => ({ ...notebook, metadata: { kernelspec: { name: "python3" } } })), full],
    "an untouched stub": [
      changed({ F1: leaky('  throw new Error("not written yet");') }),
      [0, 7, 9],
      /not written yet/,
    ],
    "a renamed function": [
      changed({ F1: F1.replace("leakyRelu", "leakyReLU") }),
      [0, 7, 9],
      /no function named leakyRelu.*leakyReLU/,
    ],
    "a cell that was deleted": [
      changed({}, (cells) => cells.filter((cell) => gradeIdOf(cell) !== "F1-solution")),
      [0, 7, 9],
      /no function named leakyRelu/,
    ],
    "the imports deleted": [changed({}, (cells) => cells.filter((cell) => gradeIdOf(cell) !== "F-imports")), full],
    "cells out of order": [changed({}, (cells) => [...cells].reverse()), full],
    "every cell twice": [changed({}, (cells) => [...cells, ...cells]), full],
    "an earlier cell that throws": [changed({}, (cells) => [ownCell('throw new Error("early");'), ...cells]), full],
    "a cell that throws after the function": [changed({ F1: `${F1}\nthrow new Error("late");` }), full],
    "a cell with a syntax error": [changed({}, (cells) => [ownCell("const x = = 3; ((("), ...cells]), full],
    "a regular expression that is none": [beside('// @ts-ignore\nconst brackets = "a(b)".replace(/(/g, "");'), full],
    "a regular expression with a class that is none": [
      beside('function slug(s: string) { return s.replace(/[^\\p{Letters}]/gu, "-"); }'),
      full,
    ],
    "what only modules may ask": [beside("console.log(import.meta.url);"), full],
    "an enum that a function is needed for": [
      beside("const two = () => 2;\nenum Side { Left = 1, Right = two() }"),
      full,
    ],
    "an enum that throws": [beside("enum Side { Left = 1, Right = (null as any).two() }"), full],
    "a function with a regular expression that is none": [
      changed({ F1: leaky('  "a(b)".replace(/(/g, "");\n  return Z1.map((z) => (z > 0 ? z : slope * z));') }),
      [0, 7, 9],
      /found an error in leakyRelu/,
    ],
    Python: [changed({ F1: "def leakyRelu(Z1, slope):\n    return Z1" }), [0, 7, 9], /leakyRelu/],
    "a function of ./src that is not there": [
      changed({
        F1: `import { relu } from "./src";\n${leaky("  return Z1.minus(relu(Z1)).map((z) => slope * z).plus(relu(Z1));")}`,
      }),
      [0, 7, 9],
      /relu: of \.\/src, only Matrix and Random are there where your work is graded/,
    ],
    "a package that is not there": [
      changed({
        F1: `import polars from "nodejs-polars";\n${leaky('  polars.Series("z", [1]);\n  return Z1.map((z) => (z > 0 ? z : slope * z));')}`,
      }),
      [0, 7, 9],
      /nodejs-polars: this package is not there where your work is graded/,
    ],
    "what is not there, for a picture": [
      beside(
        'import { lossCurve } from "./src";\nimport polars from "nodejs-polars";\nlossCurve(polars.Series("z", [1]));',
      ),
      full,
    ],
    "a type error in one function": [
      changed({ F1: leaky('  const n: number = "one";\n  return Z1.map((z) => (z > 0 ? z : slope * z));') }),
      [0, 7, 9],
      /TypeScript found an error.*not assignable/,
    ],
    "a type error in one of two functions of a cell": [
      changed({ F1: `${leaky("  return Z1.nonsense();")}\n${F2}`, F2: "" }),
      [0, 7, 9],
      /nonsense/,
    ],
    "a syntax error in one of two functions of a cell": [
      changed({ F1: `${F2}\n${leaky("  return ((Z1;")}`, F2: "" }),
      [0, 7, 9],
      /leakyRelu/,
    ],
    "a missing return": [
      changed({ F1: "function leakyRelu(Z1: Matrix, slope: number): any { Z1.map((z) => z); }" }),
      [0, 7, 9],
      /undefined \(is a `return` missing/,
    ],
    "an array instead of a Matrix": [
      changed({ F1: "function leakyRelu(Z1: Matrix, slope: number): any { return Z1.toRows(); }" }),
      [0, 7, 9],
      /an array; Matrix.fromRows/,
    ],
    "a wrong shape": [
      changed({ F1: "function leakyRelu(Z1: Matrix, slope: number): any { return Z1.T; }" }),
      [0, 7, 9],
      /expected N×H/,
    ],
    "a variable that is not there": [
      changed({ F1: leaky("  return Z1.map((z) => (z > 0 ? z : alpha * z));") }),
      [0, 7, 9],
      /Cannot find name 'alpha'/,
    ],
    "top-level await": [
      changed({}, (cells) => [
        ownCell("const waited = await Promise.resolve(3); await new Promise((done) => setTimeout(done, 20));"),
        ...cells,
      ]),
      full,
    ],
    "a solution spread over cells": [
      changed({ F1: leaky("  return Z1.map((z) => part(z, slope));") }, (cells) => [
        ...cells,
        ownCell("const part = (z: number, s: number) => (z > 0 ? z : times(s, z));"),
        ownCell("function times(a: number, b: number) { return a * b; }"),
      ]),
      full,
    ],
    "an arrow function": [
      changed({
        F1: "const leakyRelu = (Z1: Matrix, slope: number): Matrix => Z1.map((z) => (z > 0 ? z : slope * z));",
      }),
      full,
    ],
    "an exported function": [changed({ F1: `export ${F1}` }), full],
    "classes, enums, types and destructuring": [
      changed({ F1: leaky("  return new Leak(slope).of(Z1);") }, (cells) => [
        ownCell(
          "type S = number; interface Has { s: S }\nenum Side { Left, Right }\nclass Leak implements Has { s: S; constructor(s: S) { this.s = s; } of(Z: Matrix) { return Z.map((z) => (side(z) === Side.Right ? z : this.s * z)); } }\nfunction side(z: number): Side { return z > 0 ? Side.Right : Side.Left; }\nconst { a, b: [c] } = { a: 1, b: [2] };\nlet d: number, e = a + c;",
        ),
        ...cells,
      ]),
      full,
    ],
    "console.error and warnings in a right answer": [
      changed({ F1: F1.replace("{\n", '{\n  console.error("error: failed"); console.warn("warning");\n') }),
      full,
    ],
    "charts and data in cells of one's own": [
      changed({}, (cells) => [
        ownCell(
          'import { heatMap, loadTable } from "./src";\nheatMap([[1]]); const table = loadTable("x.csv", { label: "y" }); table.training.X.rows;',
        ),
        ...cells,
      ]),
      full,
    ],
    "a check of one's own that fails": [
      changed({}, (cells) => [...cells, ownCell('assertVerified("F1", () => 3);')]),
      full,
    ],
    "a verdict that is shown above the solution": [
      changed({
        F1: `console.log(verify("F2", softmaxWithTemperature).explanation);\nconst leak = 1;\n${leaky("  return Z1.map((z) => (z > 0 ? z : leak * slope * z));")}`,
      }),
      full,
    ],
    "data that are loaded above the solution": [
      changed({
        F1: `import { loadDigits } from "./src";\nconst { training } = loadDigits();\ntraining.X.rows;\nconst leak = await Promise.resolve(1);\n${leaky("  return Z1.map((z) => (z > 0 ? z : leak * slope * z));")}`,
      }),
      full,
    ],
    "a statement that throws above the solution": [
      changed({
        F1: `(null as any).x;\nclass Leak { static one = 1; }\n${leaky("  return Z1.map((z) => (z > 0 ? z : Leak.one * slope * z));")}`,
      }),
      full,
    ],
    "a mistake with a name": [
      changed({ F1: leaky("  return Z1.map((z) => Math.max(0, z));") }),
      [0, 7, 9],
      /plain ReLU/,
    ],
  };

const folder = temporaryFolder("broken");
let students: Map<string, StudentResult>;
const names = Object.keys(cases);

beforeAll(async () => {
  const files = Object.fromEntries(names.map((name, k) => [`s${k}/forward-pass.ipynb`, cases[name][0]]));
  writeFiles(join(folder, "in"), {
    ...files,
    "Zoë Müller-李/forward-pass.ipynb": whole,
    "=cmd()/forward-pass.ipynb": whole,
    "two/a-forward-pass.ipynb": "",
    "two/b-forward-pass.ipynb": whole,
    "flat-forward-pass.ipynb": whole,
    "notes.txt": "not a notebook",
    "damaged.zip": "PK nothing",
    "moodle.zip": await writeZip([
      { path: "Ada Lovelace_12345_assignsubmission_file_/forward-pass.ipynb", data: Buffer.from(whole) },
      { path: "Charles Babbage_12346_assignsubmission_file_/forward-pass.ipynb", data: Buffer.from(whole) },
      { path: "../../escaped/forward-pass.ipynb", data: Buffer.from(whole) },
      { path: "/absolute/forward-pass.ipynb", data: Buffer.from(whole) },
      { path: "C:\\windows\\forward-pass.ipynb", data: Buffer.from(whole) },
      { path: "__MACOSX/Ada/._forward-pass.ipynb", data: Buffer.from("x") },
    ]),
    "canvas.zip": await writeZip([{ path: "curiemarie_LATE_111_222_forward-pass-1.ipynb", data: Buffer.from(whole) }]),
    "gradescope.zip": await writeZip([
      { path: "assignment_7_export/submission_4711/forward-pass.ipynb", data: Buffer.from(whole) },
    ]),
  });
  symlinkSync("/etc/passwd", join(folder, "in", "link.ipynb"));
  symlinkSync("/etc", join(folder, "in", "folder-link"));
  students = await graded(join(folder, "in"), join(folder, "out"), await realSandbox(folder));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pointsOf = (student: string) => {
  const { F1, F2, F3 } = scores(students.get(student));
  return [F1, F2, F3];
};

describe("the grade and a clear message for", () => {
  it.each(names.map((name, k) => [name, k] as const))("%s", (name, k) => {
    const [, points, told] = cases[name];
    expect(pointsOf(`s${k}`), message(students.get(`s${k}`), "F1")).toEqual(points);
    if (told) expect(message(students.get(`s${k}`), "F1")).toMatch(told);
  });

  it("at least 40 of them", () => expect(names.length).toBeGreaterThanOrEqual(40));
});

describe("whose it is", () => {
  it.each([
    "Zoë Müller-李",
    "=cmd()",
    "two",
    "flat-forward-pass",
    "Ada Lovelace",
    "Charles Babbage",
    "curiemarie",
    "submission_4711",
  ])("%s", (student) => {
    expect(pointsOf(student.normalize("NFC"))).toEqual(full);
  });

  it("nothing outside the folder and the archives is read or written", () => {
    expect([...students.keys()].filter((name) => /escaped|absolute|windows|passwd|link|MACOSX/.test(name))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual([
      "compiler.cjs",
      "harness.mjs",
      "in",
      "out",
      "reader.mjs",
      "supervisor.mjs",
      "system-calls.bpf",
    ]);
  });

  it("the teacher is told what was left out, and names are no formulas", () => {
    const summary = readFileSync(join(folder, "out/summary.html"), "utf8");
    expect(summary).toMatch(/link\.ipynb” is a symbolic link/);
    expect(summary).toMatch(
      /“two” handed in more than one notebook for forward-pass: “two\/b-forward-pass.ipynb” was graded/,
    );
    expect(summary).toMatch(/damaged\.zip/);
    expect(readFileSync(join(folder, "out/grades.csv"), "utf8")).toMatch(/^'=cmd\(\),4,7,9,20,20,/m);
  });

  it("data that are not there are no news to the teacher, what fails by itself is", () => {
    const flagsOf = (name: string) => students.get(`s${names.indexOf(name)}`)?.assignments[0].flags;
    expect(flagsOf("data that are loaded above the solution")).toEqual([]);
    expect(flagsOf("a statement that throws above the solution")?.join()).toMatch(/did not finish: “TypeError/);
  });

  it("the teacher is told of a program that can't be run at all", async () => {
    const sandbox = await realSandbox(folder);
    const program = { code: "(", declared: ["leakyRelu"], broken: new Map(), inText: new Map(), flags: [], cells: 1 };
    const refusing = { ...sandbox, compile: async () => ({ program }) };
    const own = exercises.filter(({ id }) => id === "F1");
    const result = await gradeNotebook({ master, exercises: own }, master, refusing, "secret");
    expect(result.exercises[0].message).toMatch(/Nothing of the notebook ran; it says: “SyntaxError/);
    expect(result.flags.join()).toMatch(/may not be the student's fault; it says: “SyntaxError/);
  });

  it("every student has results and feedback", () => {
    for (const { folder: name, assignments } of students.values()) {
      const results = JSON.parse(readFileSync(join(folder, "out", name, "results.json"), "utf8"));
      expect(results.tests.length).toBe(assignments[0]?.exercises.length ?? 0);
      expect(results.score).toBe(results.tests.reduce((sum: number, { score }: { score: number }) => sum + score, 0));
      expect(readFileSync(join(folder, "out", name, "feedback.html"), "utf8")).toContain("</html>");
    }
  });
});
