import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CellCompiler, type CompilerSettings } from "../../../src/kernel/compiler/compiler";
import type { CompilerHost } from "../../../src/kernel/compiler/host";
import { Boxes } from "../../../src/kernel/core/boxes";
import { ROOT } from "../project";

const LIBRARIES = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "lib");

/** A host whose files are in memory, as a browser's are; only TypeScript's own declarations come from the disk. */
function inMemory(files: Record<string, string>): CompilerHost {
  const isLibrary = (path: string) => path.startsWith(LIBRARIES);
  const read = (path: string) => (isLibrary(path) ? readFileSync(path, "utf8") : files[path]);
  return {
    root: "/project",
    folder: "/project/lessons",
    libraries: LIBRARIES,
    options: { lib: ["lib.es2023.d.ts"], types: [] },
    globals: [],
    refresh: () => {},
    readFile: read,
    source: read,
    version: (path) => files[path] ?? "",
    fileExists: (path) => isLibrary(path) || path in files,
    directoryExists: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
    directories: () => [],
    files: () => [],
    realpath: (path) => path,
    isOwn: (path) => path in files,
    isChecked: () => false,
  };
}

/** Runs cells one after the other; what the last one answers. */
function run(cells: readonly string[], settings: CompilerSettings = {}, check = () => 1e9): unknown {
  const compiler = new CellCompiler(inMemory({}), settings);
  const boxes = new Boxes();
  let result: unknown;
  for (const source of cells) {
    const compilation = compiler.compile(source);
    if (!compilation.ok) throw new Error(compilation.problems[0].message);
    const surroundings = { box: (name: string, isVar?: boolean) => boxes.box(name, isVar), result: undefined, check };
    new Function("__session__", `"use strict"; ${compilation.cell.code}`)(surroundings);
    compilation.cell.keep();
    result = surroundings.result;
  }
  return result;
}

it("imports nothing of Node.js, so that it can run in a browser", () => {
  const folder = join(ROOT, "src", "kernel", "compiler");
  for (const file of readdirSync(folder)) {
    const specifiers = [...readFileSync(join(folder, file), "utf8").matchAll(/from "([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(
      specifiers.filter((name) => name !== "typescript" && !name.startsWith("./")),
      file,
    ).toEqual([]);
  }
});

it("compiles and runs cells with files that are only in memory", () => {
  expect(run(["let lr = 0.1; function step() { return lr }", "lr = 0.5; step()"])).toBe(0.5);
  const compiler = new CellCompiler(inMemory({ "/project/src/one.ts": "export const one = 1;\n" }));
  const right = compiler.compile('import { one } from "./src/one"; one + 1');
  expect(right.ok && right.cell.imports).toEqual([
    { specifier: "./src/one", names: [{ name: "one", exported: "one" }], plain: false },
  ]);
  const wrong = compiler.compile('import { one } from "./src/one"; one.length');
  expect(wrong.ok ? [] : wrong.problems.map(({ message }) => message)).toEqual([
    "Property 'length' does not exist on type '1'.",
  ]);
});

describe("checks in loops, for hosts that have no signals", () => {
  const stopping = (after: number) => {
    let asked = 0;
    return () => {
      if (asked++ === after) throw new Error("stopped");
      return 10;
    };
  };

  it.each([
    "while (true) {}",
    "do {} while (true)",
    "for (;;) ;",
    "for (const x of (function* () { for (;;) yield 1; })()) { void x; }",
    "function endless() { for (;;) {} }\nendless()",
    "[1].forEach(() => { while (true) {} })",
  ])("%s is stopped", (cell) => {
    expect(() => run([cell], { checksLoops: true }, stopping(3))).toThrow("stopped");
  });

  it("leave what loops do as it was", () => {
    const cell =
      "let sum = 0; outer: for (let i = 0; i < 50; i++) { for (const j in [1, 2]) { if (i % 2) continue outer; sum += i + Number(j); } }\nsum";
    expect(run([cell], { checksLoops: true }, () => 5)).toBe(run([cell]));
    expect(run(["const one = 1; one"], { checksLoops: true })).toBe(1);
  });
});
