/**
 * What a cell does in the notebook's kernel, it does at the grader.
 *
 * @module-tag slow
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StudentResult } from "../../src/course/grader/reports";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "../kernel/client";
import { graded, message, notebookOf, ownCell, realSandbox, scores, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

/** leakyRelu with something else in it. */
const f = (inside: string) =>
  `function leakyRelu(Z1: Matrix, slope: number): Matrix {\n  ${inside}\n  return Z1.map((z) => (z > 0 ? z : slope * z));\n}`;

/** What a student writes: cells, of which the last has leakyRelu in it. */
const cells: Readonly<Record<string, readonly string[]>> = {
  "nothing special": [f("")],
  "parameters without types": [f("const twice = (x) => 2 * x; twice(1);")],
  "an error that is caught": [f('try { throw new Error("x"); } catch (error) { error.message; }')],
  "null where a number belongs": [f("const n: number = null;")],
  "something that may be undefined": [f("const first = [1, 2].find((x) => x > 3); first.toFixed();")],
  "a wrong type": [f('const n: number = "one";')],
  "a wrong number of arguments": [f("Math.hypot(); Z1.get(0);")],
  "a method that is not there": [f("Z1.transposed();")],
  "a name that is nowhere": [f("nowhere(1);")],
  "the document of a browser": [f("document.title;")],
  "what Node.js has": [f('Buffer.from("x"); process.version; structuredClone({}); require("fs");')],
  "a constant that is changed": [f("const n = 1; n = 2;")],
  "a return that is missing": ["function leakyRelu(Z1: Matrix, slope: number): Matrix { Z1.copy(); }"],
  "code that is never reached": [f("if (Z1.rows < 0) { return Z1; throw new Error(); }")],
  "what is not used": [f("const unused = 1; let other: string;")],
  "a variable that another cell makes anew with another type": ["let v = 1;", 'let v = "abc";', f("v.length;")],
  "a variable that has become another type": ['let w = "abc";', "let w = 1;", f("w.length;")],
  "a function from another cell": ["function helper(x: number) { return x; }", f("helper(1);")],
  "a function from another cell, called wrongly": ["function helped(x: number) { return x; }", f('helped("x");')],
  "a type from another cell": ["interface Pair { a: number; b: number }", f("const p: Pair = { a: 1, b: 2 }; p.b;")],
  "an abstract class": [
    "abstract class Base { abstract n(): number; twice() { return 2 * this.n(); } }",
    f("class A extends Base { n() { return 1; } } new A().twice();"),
  ],
  "a namespace": ["namespace Names { export const one = 1; }", f("Names.one.toFixed();")],
  "an enum": ["enum Side { Left, Right }", f("Side.Right.toFixed();")],
  "satisfies, and private fields": [
    f("class C { #x = { a: 1 } satisfies object; x() { return this.#x; } } new C().x().a.toFixed();"),
  ],
  "a constant type parameter": [f('const one = <const T>(x: T) => x; const t: "a" = one("a"); t.length;')],
  "a predicate that only newer compilers infer": [f("[1, null].filter((x) => x !== null).map((x) => x.toFixed());")],
  "a narrowing that only newer compilers know": [
    f('const x = Math.random() > 2 ? "a" : 1; switch (true) { case typeof x === "string": x.length; }'),
  ],
  "using, which is newer": [f("using file = { [Symbol.dispose]() {} };")],
  "the default of a module of Node.js": ['import assert from "node:assert";', f("assert(slope > 0);")],
  "the default of a module of Node.js by its name": [
    'import { default as check } from "node:assert";',
    f("check(slope > 0);"),
  ],
  "a module of Node.js as a whole": ['import * as asserts from "node:assert";', f("asserts.ok(slope > 0);")],
  "a module of Node.js that is imported when it is needed": [
    'const { strict } = await import("node:assert");\nconst { default: os } = await import("node:os");',
    f("strict.ok(os.EOL);"),
  ],
  "src that is imported when it is needed": [
    'const { Matrix: Mat } = await import("./src");',
    f("Mat.zeros(1, 1).get(0, 0).toFixed();"),
  ],
  "a complaint that is told to be ignored": [f('// @ts-ignore\n  const n: number = "one";')],
  any: [f('const n: number = "one" as any;')],
  "a function that another cell makes anew": [
    "function part(x: number) { return x; }\nfunction viaPart(x: number) { return part(x); }",
    `function part(x: number) { return 2 * x; }\n${f("if (viaPart(3) !== 6) throw new Error();")}`,
  ],
  "a constant that another cell makes anew": [
    "const factor = 2;\nconst timesFactor = (x: number) => factor * x;",
    "const factor = 5;",
    f("if (timesFactor(3) !== 15 || factor !== 5) throw new Error();"),
  ],
  "a variable that another cell sets": [
    "let rate = 0.1; function step() { return rate; }",
    "rate = 0.5;",
    f("if (step() !== 0.5) throw new Error();"),
  ],
  "a class that another cell makes anew": [
    "class Leak { of() { return 1; } }\nfunction newest() { return new Leak().of(); }\nclass More extends Leak {}\nconst old = new Leak();",
    `class Leak { of() { return 2; } }\n${f("if (newest() !== 2 || new More().of() !== 1 || old.of() !== 1) throw new Error();")}`,
  ],
  "a class that makes one of itself": [
    "class Self { static make() { return new Self(); } of() { return 1; } }\nconst make = Self.make;",
    `class Self { of() { return 2; } }\n${f("if (make().of() !== 1) throw new Error();")}`,
  ],
  "an enum that another cell makes anew": [
    "enum Kind { Off, On }\nfunction kindOn() { return Kind.On; }",
    `enum Kind { On, Off }\n${f("if (kindOn() !== 0 || Kind.On !== 0) throw new Error();")}`,
  ],
  "a function that is not what it was checked with": [
    "function wide(x: number) { return x; }\nfunction viaWide() { return wide(3); }",
    `function wide(x: number, y: number) { return x * y; }\n${f("if (!Number.isNaN(viaWide())) throw new Error();")}`,
  ],
  "a function that is called before a variable has its value": [
    `function early() { return lateValue; }\nlet failed = false;\ntry { early(); } catch { failed = true; }\nconst lateValue = 1;`,
    f("if (!failed || early() !== 1) throw new Error();"),
  ],
  "a var in a block, and a let in another": [
    "for (var turns = 0; turns < 3; turns++) { let inside = turns; }\n{ var deep = 7; }",
    f("if (turns !== 3 || deep !== 7) throw new Error();"),
  ],
  "a name of a block": ["{ let hidden = 1; }", f("hidden;")],
  "exports, as in a file of src": [
    "export const exported = 4;\nexport function alsoExported() { return exported; }\nexport default class Named { n = 1; }",
    f("if (alsoExported() !== 4 || new Named().n !== 1) throw new Error();"),
  ],
  "a value and a type of one name": [
    "interface Both { n: number }",
    'const Both = "value";',
    f("const both: Both = { n: Both.length }; if (both.n !== 5) throw new Error();"),
  ],
  "an imported name that is a variable later": [
    'import { softmax as imported } from "./src";\nfunction readImported() { return typeof imported; }',
    "let imported = 3;",
    f('if (readImported() !== ("number" as string)) throw new Error();'),
  ],
  "names of functions": [
    "const arrow = () => 1; let { held = () => 2 } = {} as any; const Nameless = class {};",
    f('if (arrow.name !== "arrow" || held.name !== "held" || Nameless.name !== "Nameless") throw new Error();'),
  ],
  "a let that uses itself": ["let self = 1;", "let self = self + 1;", f("self;")],
  "a method that is called without its object": [
    "const holder = { own() { return this === undefined; } };\nconst { own } = holder;\nfunction plain(this: any, ..._: any[]) { return this === undefined; }",
    f("if (!own() || !plain() || !plain``) throw new Error();"),
  ],
  "a variable that functions of another cell change": [
    "let calls = 0;\nfunction call() { calls += 1; }",
    "call(); call();",
    f("if (calls !== 2) throw new Error();"),
  ],
  "a variable that another cell makes anew and changes": [
    "let best = 1;",
    "let best = 0;\nfor (const x of [3, 5]) best = x;",
    f("if (best !== 5) throw new Error();"),
  ],
  "what is taken apart, with defaults": [
    "const { a, b: [c, ...d], e = 4 } = { a: 1, b: [2, 3] } as any, g: number = 5;\nlet h: number;",
    f("if (a + c + d[0] + e + g !== 15 || h !== undefined) throw new Error();"),
  ],
  "an import that another cell has a function for": [
    'import { softmax } from "./src";\nfunction newestSoftmax() { return softmax; }',
    `function softmax() { return 1; }\n${f("if ((newestSoftmax() as any)() !== 1 || softmax() !== 1) throw new Error();")}`,
  ],
  "one function twice": [`${f("")}\n${f("")}`],
  "a wait on the top level": [`const waited = await Promise.resolve(1);\n${f("waited.toFixed();")}`],
  "a return on the top level": ["if (Math.random() < 2) return;", f("")],
  "an error in a cell before it": ["const early: number = 'x';", f("")],
};

const folder = temporaryFolder("agreement");
const names = Object.keys(cells);
const runs = new Map<string, boolean>();
let students: Map<string, StudentResult>;

beforeAll(async () => {
  for (const [k, name] of names.entries()) {
    const own = cells[name].slice(0, -1).map(ownCell);
    const text = notebookOf("forward-pass", { F1: cells[name].at(-1) as string }, (all) => {
      const at = all.findIndex(({ metadata }) => metadata.nbgrader?.grade_id === "F1-solution");
      return [...all.slice(0, at), ...own, ...all.slice(at)];
    });
    writeFiles(join(folder, "in"), { [`s${k}/forward-pass.ipynb`]: text });
  }
  students = await graded(join(folder, "in"), join(folder, "out"), await realSandbox(folder));
  await buildKernel(root);
  const kernel = await Client.start(root);
  try {
    await kernel.run('import { Matrix } from "./src";');
    for (const name of names) {
      await kernel.run("var leakyRelu: any = undefined;");
      for (const cell of cells[name]) await kernel.run(cell);
      const { reply } = await kernel.run(
        "if (leakyRelu(Matrix.fromRows([[-1, 2]]), 0.5).get(0, 0) !== -0.5) throw new Error();",
      );
      runs.set(name, reply.status === "ok");
    }
  } finally {
    await kernel.close();
  }
}, 900_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what runs in a notebook has its points, and what does not has none", () => {
  it.each(names.map((name, k) => [name, k] as const))("%s", (name, k) => {
    const student = students.get(`s${k}`);
    expect({ points: scores(student).F1, why: message(student, "F1") }).toMatchObject({
      points: runs.get(name) ? 4 : 0,
    });
  });

  it("both happen", () => {
    const all = [...runs.values()];
    expect(all.filter(Boolean).length).toBeGreaterThan(12);
    expect(all.filter((ok) => !ok).length).toBeGreaterThan(10);
  });
});
