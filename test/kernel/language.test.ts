import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "./client";
import { TemporaryProject } from "./project";
import { answer, answerOf, printed } from "./session";

let project: TemporaryProject;
let kernel: Client;

beforeAll(async () => {
  project = await TemporaryProject.create({
    "src/index.ts": "export const one = 1;\n",
    "own/live.ts": "export let counter = 0;\nexport function incr() { counter++; }\n",
    "own/plain.js": "export const plain = [3, 1].toSorted();\n",
    "own/common.cjs": "module.exports = { common: 1 };\n",
    "own/awaits.ts": "export const slow = await new Promise<number>((done) => setTimeout(() => done(5), 5));\n",
    "own/uses-awaits.ts": 'import { slow } from "./awaits.ts";\nexport const twice = 2 * slow;\n',
    "own/data.json": '{ "list": [1, 2, 3] }',
    "lessons/beside.ts": "export const beside = 'beside';\n",
    "lessons/note.txt": "",
  });
  kernel = await Client.start(project.root, { cwd: `${project.root}/lessons` });
});

afterAll(async () => {
  await kernel?.close();
  project?.close();
});

/** What a cell shows that is right in the Node.js that runs it. */
const CELLS: Record<string, [cell: string, shown: string | undefined]> = {
  "await (x)": ["await (Promise.resolve(1))", "1"],
  "await [p]": ["(await [Promise.resolve(1)]).length", "1"],
  "await `x`": ["await `x`", "'x'"],
  "await (async () => 5)()": ["await (async () => 5)()", "5"],
  "await in a template, a call and a condition": [
    "[await 1, Math.max(await 2, 0), (await true) ? 3 : 4].join()",
    "'1,2,3'",
  ],
  "await in a block and a loop": ["let t1 = 0; { t1 += await 1; } for (const p of [await 2]) t1 += p; t1", "3"],
  "for await alone": ["let t2 = 0; for await (const p of [Promise.resolve(4)]) t2 += p; t2", "4"],
  "await using": ["await using held = { async [Symbol.asyncDispose]() {} }; 'held'", "'held'"],
  "export const": ["export const x3 = 4; x3", "4"],
  "export function": ["export function f3() { return 3 }\nf3()", "3"],
  "export in a list, as another name": ["const y3 = 1; export { y3, y3 as z3 }; y3", "1"],
  "export default": ["export default class {}\n5", "5"],
  "a module that is awaited": ['const fs1 = await import("node:fs"); fs1.existsSync(".")', "true"],
  "a class expression with private members": [
    "const C1 = class { private x = 1; get y() { return this.x } };\nnew C1().y",
    "1",
  ],
  mixins: [
    "function mixed<T extends new (...rest: any[]) => object>(Base: T) { return class extends Base { private tag = 1; tagged() { return this.tag } } }\nclass M1 extends mixed(Date) {}\nnew M1().tagged()",
    "1",
  ],
  "declare global": ["declare global { var added: number }\nglobalThis.added = 5; added", "5"],
  "@ts-nocheck": ["// @ts-nocheck\nconst wrong1: number = 'text'; wrong1", "'text'"],
  toSorted: ["[3, 1].toSorted()", "[ 1, 3 ]"],
  "standard decorators": [
    "function logged(_: unknown, { name }: ClassMethodDecoratorContext) { names1.push(String(name)) }\nvar names1: string[] = [];\nclass D1 { @logged run() {} }\nnames1",
    "[ 'run' ]",
  ],
  "import … with": ['import data1 from "./own/data.json" with { type: "json" };\ndata1.list.length', "3"],
  "import x = require": ['import path1 = require("node:path");\npath1.basename("a/b")', "'b'"],
  WebAssembly: ["WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))", "true"],
  "a path with .ts": ['import { counter as c1 } from "./own/live.ts";\nc1', "0"],
  "a module of one's own in JavaScript": ['import { plain } from "./own/plain";\nplain', "[ 1, 3 ]"],
  "and in CommonJS": ['const { common } = require("./own/common.cjs");\ncommon', "1"],
  "modules of one's own that await": ['import { twice } from "./own/uses-awaits";\ntwice', "10"],
  "a module beside the notebook": ['import { beside } from "./beside";\nbeside', "'beside'"],
  "and from the notebook's folder upwards": ['import { one } from "../src";\none', "1"],
  "const enum": ["const enum E1 { A = 7 }\nE1.A", "7"],
  overloads: [
    "function o1(x: number): number;\nfunction o1(x: string): string;\nfunction o1(x: any) { return x }\no1('s')",
    "'s'",
  ],
  generators: ["function* g1() { yield 1; yield 2 }\n[...g1()]", "[ 1, 2 ]"],
  "a promise as the last value is shown as one": ["Promise.resolve(5)", "Promise { 5 }"],
  "names that look like the compiler's": [
    "const $lr = 1, __session = 2; let lr = 3; [$lr, lr, __session]",
    "[ 1, 3, 2 ]",
  ],
};

describe("in a cell", () => {
  it.each(Object.entries(CELLS))("%s runs", async (_, [cell, shown]) => {
    expect(answerOf(await kernel.run(cell))).toBe(shown);
  });

  it("names that were declared in odd ways have their types in later cells", async () => {
    expect(
      await answer(kernel, "const C1 = class { private x = 1; get y() { return this.x } };", "new C1().y.toUpper()"),
    ).toContain("Property 'toUpper' does not exist on type 'number'");
    await kernel.run('const fs1 = await import("node:fs");');
    expect(await answer(kernel, "fs1.existsSync(5)")).toContain("not assignable to parameter of type 'PathLike'");
    expect(await answer(kernel, "for (var turn = 0; turn < 2; turn++) {}", "turn.toUpper()")).toContain(
      "on type 'number'",
    );
  });

  it("what only newer versions of Node.js have is refused", async () => {
    expect(await answer(kernel, "Promise.withResolvers()")).toContain("Property 'withResolvers' does not exist");
    expect(await answer(kernel, "new Set([1]).union(new Set([2]))")).toContain("Property 'union' does not exist");
  });

  it("names of one's own modules are live", async () => {
    await kernel.run('import { counter, incr } from "./own/live";');
    expect(await answer(kernel, "incr(); incr(); counter")).toBe("2");
  });
});

describe("what the compiler can't take", () => {
  it.each([
    ["2,000 nested brackets", `${"(".repeat(2000)}1${")".repeat(2000)}`],
    ["20,000 nested brackets", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["a sum of 20,000 terms", Array(20_000).fill("1").join(" + ")],
  ])("%s cost that cell only", async (_, cell) => {
    await kernel.run(cell);
    expect(await answer(kernel, "1 + 1")).toBe("2");
    expect(await answer(kernel, "const after = [1].map((x) => x);", "after.length")).toBe("1");
  });

  it("a cell of 5,000 lines runs, and the next one too", async () => {
    const lines = Array.from({ length: 5000 }, (_, k) => `function many${k}(x: number) { return x + ${k} }`);
    expect((await kernel.run(lines.join("\n"))).reply.status).toBe("ok");
    expect(await answer(kernel, "many4999(1)")).toBe("5000");
  });
});

it("a package that is installed while the kernel runs is found", async () => {
  const files = { "package.json": '{ "name": "late-package", "version": "1.0.0", "main": "m.js", "types": "m.d.ts" }' };
  expect(await answer(kernel, 'import { late } from "late-package";')).toContain("Cannot find module 'late-package'");
  project.write("lessons/node_modules/late-package/package.json", files["package.json"]);
  project.write("lessons/node_modules/late-package/m.js", "exports.late = 'late';\n");
  project.write("lessons/node_modules/late-package/m.d.ts", "export declare const late: string;\n");
  expect(await answer(kernel, 'import { late } from "late-package"; late.toUpperCase()')).toBe("'LATE'");
});

describe("a cell that uses a file which was saved since it was imported", () => {
  it("is told so in one line above its output, until the import is run again", async () => {
    project.write("src/grad.ts", "export const grad = () => 1;\n");
    project.write("src/index.ts", 'export * from "./grad";\nexport const one = 1;\n');
    await kernel.run('import { grad } from "./src"; function viaGrad() { return grad() }');
    expect(printed(await kernel.run("grad()"), "stderr")).toBe("");
    project.write("src/grad.ts", "export const grad = () => 2;\n");
    const line = "src/grad.ts has changed since you imported it: run the cell with import again\n";
    for (const cell of ["grad()", "viaGrad()"]) {
      const run = await kernel.run(cell);
      expect(run.outputs.map(({ header }) => header.msg_type)).toEqual(["execute_input", "stream", "execute_result"]);
      expect(printed(run, "stderr")).toBe(line);
      expect(answerOf(run)).toBe("1");
    }
    expect(printed(await kernel.run("1 + 1"), "stderr")).toBe("");
    expect(await answer(kernel, 'import { grad } from "./src";', "viaGrad()")).toBe("2");
    expect(printed(await kernel.run("viaGrad()"), "stderr")).toBe("");
  });

  it("is told of a syntax error in it", async () => {
    project.write("src/index.ts", 'export * from "./grad";\n');
    project.write("src/grad.ts", "export const grad = () => 1;\n");
    await kernel.run('import { grad } from "./src";');
    project.write("src/grad.ts", "export const grad = ;\n");
    expect(printed(await kernel.run("grad()"), "stderr")).toBe(
      "src/grad.ts has changed since you imported it, and its line 1 is not right: Expression expected.\n",
    );
  });
});

describe("how values are shown", () => {
  it("a function by its source", async () => {
    const run = await kernel.run("function typed(x: number): number {\n  return x; // as it was written\n}\ntyped");
    expect(answerOf(run)).toBe("function typed(x: number): number {\n  return x; // as it was written\n}");
    expect(await answer(kernel, "typed")).toBe(
      "function typed(x: number): number {\n  return x; // as it was written\n}",
    );
    project.write("src/index.ts", "/** Doubles. */\nexport function double(x: number): number {\n  return 2 * x;\n}\n");
    expect(await answer(kernel, 'import { double } from "./src";\ndouble')).toBe(
      "export function double(x: number): number {\n  return 2 * x;\n}",
    );
    expect(await answer(kernel, "Math.max")).toBe("[Function: max]");
  });

  it("cut, before they are formatted", async () => {
    const shown = await answer(kernel, "Object.fromEntries(Array.from({ length: 500_000 }, (_, k) => ['k' + k, k]))");
    expect(shown?.length).toBeLessThan(10_000);
    expect(shown).toMatch(/k0: 0,[\s\S]*\.\.\. 499800 more properties\n\}$/);
    expect((await answer(kernel, "Array.from({ length: 1_000_000 }, (_, k) => k)"))?.length).toBeLessThan(5_000);
  });
});

it("a project whose path has a backslash in it works", async () => {
  const odd = await TemporaryProject.create({ "src/index.ts": "export const odd: string = 'odd';\n" }, "back\\slash");
  const own = await Client.start(odd.root);
  try {
    expect(await answer(own, 'import { odd } from "./src"; odd.toUpperCase()')).toBe("'ODD'");
    expect(await answer(own, 'import { odd } from "./src"; odd.toFixed()')).toContain(
      "Property 'toFixed' does not exist",
    );
  } finally {
    await own.close();
    odd.close();
  }
});
