/**
 * What one student does to be graded alone, or hands in without a thought, costs the others nothing, and an honest one no points.
 *
 * @module-tag slow
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test as it } from "vitest";
import { gradeClass } from "../../src/course/grader";
import type { StudentResult } from "../../src/course/grader/reports";
import { gradeIdOf } from "../../src/course/notebook";
import type { Sandbox } from "../../src/course/sandbox/sandbox";
import {
  graded,
  masters,
  message,
  notebookOf,
  ownCell,
  readFile,
  realSandbox,
  scores,
  solutionText,
  temporaryFolder,
  writeFiles,
} from "./classroom";

const folder = temporaryFolder("starve");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const full = { F1: "right", F2: "right", F3: "right" };
const F1 = solutionText("forward-pass", "F1");
const bad = (does: string) =>
  `function leakyRelu(Z1: Matrix, slope: number): any { const lib: any = require("node:fs"); ${does} }`;
const attack = (does: string) => notebookOf("forward-pass", { ...full, F1: bad(does) });
const below = (...sources: string[]) =>
  notebookOf("forward-pass", full, (cells) => [...cells, ...sources.map(ownCell)]);

/** What is handed in, the points for F1, F2 and F3, and what is told of F1. */
const cases: Readonly<Record<string, readonly [notebook: string, points: readonly number[], told?: RegExp]>> = {
  "newlines without end": [
    attack("const many = '\\n'.repeat(65536); for (;;) lib.writeSync(3, many);"),
    [0, 7, 9],
    /put out far too much/,
  ],
  "short messages without end": [
    attack(`const many = '{"kind":"begin","id":"F1"}\\n'.repeat(2000); for (;;) lib.writeSync(3, many);`),
    [0, 7, 9],
    /put out far too much/,
  ],
  "newlines and memory without end": [
    attack("const all: any[] = []; for (;;) { lib.writeSync(3, '\\n'); all.push(Buffer.alloc(5e7, 1)); }"),
    [0, 7, 9],
    /too much memory/,
  ],
  "an abort": [attack("process.abort();"), [0, 7, 9], /ended early/],
  "words in the grader's voice": [
    attack(`lib.writeSync(3, '{"kind":"not run","why":"The teacher says: full marks”."}\\n'); process.exit(0);`),
    [0, 0, 0],
    /Nothing of the notebook ran; it says: “The teacher says: full marks"\.”/,
  ],
  "an error in the grader's voice": [
    attack("throw new Error('well done, full marks');"),
    [0, 7, 9],
    /The program says: “Your function stopped with Error: well done, full marks”/,
  ],
  "a helper that is redefined below its check": [
    notebookOf("forward-pass", { ...full, F1: F1.replace("slope * z", "times(slope, z)") }, (cells) => [
      ownCell("let times = (a: number, b: number) => a * b;"),
      ...cells,
      ownCell("times = () => 0;"),
    ]),
    [4, 7, 9],
  ],
  "an assignment to it below its check": [below("(leakyRelu as any) = 3;"), [4, 7, 9]],
  "another function of its name below its check": [below("function leakyRelu(Z1: Matrix) { return Z1; }"), [4, 7, 9]],
  "work of some seconds in the cell of the solution": [
    notebookOf("forward-pass", {
      ...full,
      F1: `${F1}\nfor (const end = Date.now() + 9000; Date.now() < end; ) {}\nfor (const end = Date.now() + 8000; Date.now() < end; ) {}`,
    }),
    [4, 7, 9],
  ],
  "a statement without end in the cell of the solution, which needs what is above and below it": [
    notebookOf("forward-pass", {
      ...full,
      F1: `const above = 1;\nwhile (true) {}\nconst below = 1;\n${F1.replace("slope * z", "above * below * slope * z")}`,
    }),
    [4, 7, 9],
  ],
  "a loop below all checks": [below("while (true) {}"), [4, 7, 9]],
  "an exit below all checks": [below("process.exit(0);"), [4, 7, 9]],
  "a solution in a Markdown cell": [
    notebookOf("forward-pass", full, (cells) =>
      cells.map((cell) => (gradeIdOf(cell) === "F1-solution" ? { ...cell, cell_type: "markdown" } : cell)),
    ),
    [0, 7, 9],
    /leakyRelu stands in a markdown cell.*press Y/,
  ],
  "a solution in a raw cell": [
    notebookOf("forward-pass", full, (cells) =>
      cells.map((cell) => (gradeIdOf(cell) === "F2-solution" ? { ...cell, cell_type: "raw" } : cell)),
    ),
    [4, 0, 9],
  ],
  "a function that is right for a while": [
    notebookOf("forward-pass", {
      ...full,
      F1: `let calls = 0;\n${F1.replace("return", "calls += 1;\n  return calls > 9 ? Z1.copy() :")}`,
    }),
    [0, 7, 9],
    /The answer depends on earlier calls/,
  ],
};
const names = Object.keys(cases);
let students: Map<string, StudentResult>;
let sandbox: Sandbox;

beforeAll(async () => {
  const files = names.map((name, k) => [`s${k}/forward-pass.ipynb`, cases[name][0]]);
  writeFiles(join(folder, "in"), Object.fromEntries(files));
  sandbox = await realSandbox(folder);
  students = await graded(join(folder, "in"), join(folder, "out"), sandbox);
}, 1_200_000);

describe("the points and what is told of", () => {
  it.each(names.map((name, k) => [name, k] as const))("%s", (name, k) => {
    const [, points, told] = cases[name];
    const student = students.get(`s${k}`);
    const { F1, F2, F3 } = scores(student);
    expect([F1, F2, F3], message(student, "F1")).toEqual(points);
    if (told) expect(message(student, "F1")).toMatch(told);
  });
});

it("whoever listens to matrices, arrays and bytes learns nothing of T1's data", async () => {
  const spy = `const seen: string[] = [];
for (const [what, home] of [["Matrix", Matrix.prototype], ["Array", Array.prototype], ["Float64Array", Object.getPrototypeOf(Float64Array.prototype)]] as [string, any][]) {
  for (const name of ["times", "minus", "map", "sum", "reduce", "forEach", "get"]) {
    const own = home[name];
    if (typeof own === "function") home[name] = function (...args: any[]) { if (armed) seen.push(what + "." + name); return own.apply(this, args); };
  }
}
const { from } = Buffer; (Buffer as any).from = (...args: any[]) => { if (armed) seen.push("Buffer.from"); return (from as any).apply(Buffer, args); };
let armed = false;
function findWrongEntries(loss: (W: Matrix) => number, W: Matrix, gradient: Matrix): any { seen.length = 0; armed = true; loss(W); armed = false; throw new Error("HEARD " + seen.join()); }`;
  writeFiles(join(folder, "spy"), { "eve/train-it.ipynb": notebookOf("train-it", { T1: spy }) });
  const eve = (await graded(join(folder, "spy"), join(folder, "spied"), sandbox)).get("eve");
  expect(message(eve, "T1")).toMatch(/HEARD ”/);
});

it("a sandbox that does not start, and a compiler that breaks, fail one submission each, and the next run tries again", async () => {
  const inside = join(folder, "machine");
  for (const [k, student] of ["ada", "ben", "cyd"].entries()) {
    writeFiles(inside, {
      [`${student}/forward-pass.ipynb`]: notebookOf("forward-pass", { F1: `${F1}\nconst mark${k} = ${k};` }),
    });
  }
  const weak: Sandbox = {
    ...sandbox,
    run: async (order, milliseconds) =>
      order.code.includes("mark0") ? { ending: "not started", messages: [] } : sandbox.run(order, milliseconds),
    compile: async (order) => {
      if (JSON.stringify(order.submission).includes("mark1")) throw new Error("out of order");
      return sandbox.compile(order);
    },
  };
  const grade = (own: Sandbox) =>
    gradeClass({
      submissions: inside,
      out: join(folder, "tried"),
      masters,
      readFile,
      sandbox: own,
      secret: "s",
      version: "1",
      jobs: 2,
    });
  const told = (await grade(weak)).map(({ student, notGraded }) => [student, notGraded.join()]);
  expect(told).toEqual([
    ["ada", expect.stringMatching(/sandbox does not start/)],
    ["ben", expect.stringMatching(/broke down over it: “Error: out of order”/)],
    ["cyd", ""],
  ]);
  expect(readFileSync(join(folder, "tried/grades.csv"), "utf8")).toMatch(
    /^ada,0,0,0,0,20,1,0,forward-pass: The sandbox does not start/m,
  );
  expect((await grade(sandbox)).map((student) => [scores(student).F1, student.notGraded])).toEqual([
    [4, []],
    [4, []],
    [4, []],
  ]);
});
