import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Client } from "./client";
import { TemporaryProject } from "./project";

const FILES = {
  "src/index.ts": 'export * from "./backward";\nexport * from "./counter";\n',
  "src/backward.ts": 'import { factor } from "./factor";\nexport const gradW2 = (x: number) => factor * x;\n',
  "src/factor.ts": "export const factor = 2;\n",
  "src/counter.ts":
    "let count = 0;\nexport const next = () => ++count;\nexport class Brand { tag = 'a'; say() { return this.tag; } }\n",
};

let project: TemporaryProject;
let kernel: Client;

beforeAll(async () => {
  project = await TemporaryProject.create(FILES);
  kernel = await Client.start(project.root);
});

beforeEach(() => {
  for (const [path, text] of Object.entries(FILES)) project.write(path, text);
});

afterAll(async () => {
  await kernel?.close();
  project?.close();
});

/** The text of a cell's result, or what it failed with. */
async function value(code: string): Promise<string> {
  const { reply, outputs } = await kernel.run(code);
  const result = outputs.find((message) => message.header.msg_type === "execute_result");
  return reply.status === "ok" ? result?.content.data["text/plain"] : `${reply.ename}: ${reply.evalue}`;
}

describe("a file of src that was edited", () => {
  it("is loaded anew, through the index and all that import it, and the rest keeps its state", async () => {
    expect(await value('import { gradW2, next, Brand } from "./src"; gradW2(1) + next()')).toBe("3");
    await kernel.run("const made = new Brand();");
    project.write("src/factor.ts", "export const factor = 10;\n");
    expect(await value('import { gradW2, next } from "./src"; [gradW2(1), next()]')).toBe("[ 10, 2 ]");
    expect(await value("made.say()")).toBe("'a'");
  });

  it("is taken as it is when the cell runs, even if it was saved just before", async () => {
    for (let n = 3; n < 13; n++) {
      project.write("src/factor.ts", `export const factor = ${n};\n`);
      expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe(String(n));
    }
  });

  it("is noticed even if its size and time are the same", async () => {
    const path = join(project.root, "src/factor.ts");
    await value('import { gradW2 } from "./src"; gradW2(1)');
    const time = new Date();
    for (const n of [4, 5, 6]) {
      project.write("src/factor.ts", `export const factor = ${n};\n`);
      utimesSync(path, time, time);
      expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe(String(n));
    }
  });

  it("brings its new types", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.write("src/backward.ts", "export const gradW2 = (x: string) => x.length;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2("four")')).toBe("4");
    expect(await value('import { gradW2 } from "./src"; gradW2(4)')).toMatch(/TypeScriptError.*type 'number' is not/);
  });

  it("that makes another file wrong has that one reported, though it is the same", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.write("src/factor.ts", "export const factor = { two: 2 };\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toMatch(
      /src\/backward\.ts:2:38: The left-hand side/,
    );
    project.write("src/factor.ts", "export const factor = 5;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("5");
  });

  it("with a type error is reported by name, and right again once it is mended", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.write("src/factor.ts", 'export const factor: number = "two";\n');
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toMatch(/src\/factor\.ts:1:14: Type 'string'/);
    project.write("src/factor.ts", "export const factor = 7;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("7");
  });

  it("with a syntax error likewise", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.write("src/factor.ts", "export const factor = ;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toMatch(/^SyntaxError: src\/factor\.ts:1:23: /);
    project.write("src/factor.ts", "export const factor = 8;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("8");
  });

  it("that throws while it is loaded is loaded again next time", async () => {
    project.write("src/factor.ts", 'export const factor = 1;\nthrow new Error("at load");\n');
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("Error: at load");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("Error: at load");
    project.write("src/factor.ts", "export const factor = 9;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("9");
  });

  it("points at its new lines in a traceback", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.write("src/backward.ts", '\n\nexport const gradW2 = (x: number) => { throw new Error("x"); };\n');
    const { reply } = await kernel.run('import { gradW2 } from "./src"; gradW2(1)');
    expect(reply.traceback.join("\n")).toContain("src/backward.ts:3:");
  });
});

describe("a file that", () => {
  it("is new can be imported", async () => {
    expect(await value('import { fresh } from "./src/fresh"; fresh')).toContain("Cannot find module './src/fresh'");
    project.write("src/fresh.ts", "export const fresh = 1;\n");
    expect(await value('import { fresh } from "./src/fresh"; fresh')).toBe("1");
    project.write("src/deep/er/one.ts", "export const one = 'one';\n");
    expect(await value('import { one } from "./src/deep/er/one"; one')).toBe("'one'");
  });

  it("was removed is missed, and found again", async () => {
    await value('import { gradW2 } from "./src"; gradW2(1)');
    project.remove("src/factor.ts");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toMatch(
      /src\/backward\.ts:1:24: Cannot find module/,
    );
    project.write("src/factor.ts", "export const factor = 3;\n");
    expect(await value('import { gradW2 } from "./src"; gradW2(1)')).toBe("3");
  });

  it("holds data is read anew", async () => {
    project.write("data/list.json", "[1]");
    expect(await value('import list from "./data/list.json"; list.length')).toBe("1");
    project.write("data/list.json", "[1, 2]");
    expect(await value('import list from "./data/list.json"; list.length')).toBe("2");
  });
});

describe("modules", () => {
  it("are strict, and know where they are", async () => {
    project.write(
      "src/where.ts",
      "export const file = import.meta.url;\nexport const sloppy = (function (this: unknown) { return this !== undefined; })();\n",
    );
    expect(await value('import { file, sloppy } from "./src/where"; [file, sloppy]')).toMatch(
      /\[ 'file:\/\/\/.*a%20project\/src\/where\.ts', false \]/,
    );
  });

  it("may import each other", async () => {
    project.write(
      "src/even.ts",
      'import { odd } from "./odd";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n',
    );
    project.write(
      "src/odd.ts",
      'import { even } from "./even";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\n',
    );
    expect(await value('import { even } from "./src/even"; even(10)')).toBe("true");
  });

  it("may be imported dynamically, and with their extension as in other tools", async () => {
    expect(await value('(await import("./src")).gradW2(2)')).toBe("4");
    project.write("src/js-name.ts", 'export { factor } from "./factor.js";\n');
    expect(await value('import { factor } from "./src/js-name"; factor')).toBe("2");
  });
});

describe("packages", () => {
  it("that are ES modules and name their types under exports only are imported, with types", async () => {
    project.write(
      "packages/node_modules/modern/package.json",
      '{ "name": "modern", "type": "module", "exports": { ".": { "types": "./t.d.ts", "import": "./m.js" } } }',
    );
    project.write("packages/node_modules/modern/t.d.ts", "export declare const modern: string;\n");
    project.write("packages/node_modules/modern/m.js", "export const modern = 'modern';\n");
    project.write("packages/use.ts", 'import { modern } from "modern";\nexport const used = modern.toUpperCase();\n');
    const { reply, outputs } = await kernel.run('import { used } from "./packages/use"; used');
    expect(reply.status).toBe("ok");
    expect(outputs.map((message) => message.header.msg_type)).toEqual(["execute_input", "execute_result"]);
    expect(outputs[1].content.data["text/plain"]).toBe("'MODERN'");
  });

  it("that have no types may be imported in a cell", async () => {
    project.write("untyped/node_modules/plain/package.json", '{ "name": "plain", "main": "index.js" }');
    project.write("untyped/node_modules/plain/index.js", "module.exports = { plain: 1 };\n");
    expect(await value('const { plain } = require("./untyped/node_modules/plain"); plain')).toBe("1");
  });

  it("that are not installed are missed by name", async () => {
    expect(await value('import { x } from "not-installed";')).toContain("Cannot find module 'not-installed'");
  });
});

describe("a cell that begins with @module", () => {
  it("is a module for the cells after it, and is told what is wrong with it", async () => {
    expect((await kernel.run("/** @module virtual */\nexport const inMemory = 'in memory';")).reply.status).toBe("ok");
    expect(await value('import { inMemory } from "./virtual"; inMemory')).toBe("'in memory'");
    const { outputs } = await kernel.run("/** @module wrong */\nexport const n: number = 'text';");
    expect(outputs.at(-1)?.content).toMatchObject({ name: "stderr", text: expect.stringContaining("Type 'string'") });
  });
});
