/**
 * What the kernel takes from its build, and when it reads the sources instead.
 *
 * @module-tag slow
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "./client";
import { ROOT } from "./project";

const FILES = {
  "src/index.ts": 'export * from "./double";\nexport * from "./fails";\n',
  "src/double.ts":
    'import { amount } from "./factor";\nimport table from "./table.json";\n\n/** Twice as much, and α. */\nexport function double(x: number) {\n  return amount * x + table.alpha;\n}\n',
  "src/factor.ts": "export const amount = 2;\n",
  "src/table.json": '{ "alpha": 0 }\n',
  "src/fails.ts": 'export function fails(): never {\n  throw new Error("as it should");\n}\n',
};

let parent: string;
let root: string;
let modules: string;
let built: string;
let kernel: Client;

/** Writes a file of the project. */
function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), "kernel-modules-"));
  root = join(parent, "a project");
  modules = join(root, ".build", "kernel", "modules.json");
  cpSync(join(ROOT, "src", "kernel"), join(root, "src", "kernel"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(root, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir");
  for (const [path, text] of Object.entries(FILES)) write(path, text);
  await buildKernel(root);
  built = readFileSync(modules, "utf8");
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

beforeEach(() => {
  for (const [path, text] of Object.entries(FILES)) write(path, text);
  writeFileSync(modules, built);
});

afterEach(() => kernel?.close());

/** Has the compiled JavaScript say 1000 where the source says 2, so that it shows which of them is run. */
function mark(): void {
  writeFileSync(modules, built.replace("exports.amount = 2", "exports.amount = 1000"));
}

/** The text of a cell's result, or what it failed with. */
async function value(code: string): Promise<string> {
  const { reply, outputs } = await kernel.run(code);
  const result = outputs.find((message) => message.header.msg_type === "execute_result");
  return reply.status === "ok" ? result?.content.data["text/plain"] : `${reply.ename}: ${reply.evalue}`;
}

const CELL = 'import { double } from "./src";\ndouble(1)';

describe("modules that are as they were when the kernel was built", () => {
  it("are not compiled again, and have their values, types and documentation", async () => {
    mark();
    kernel = await Client.start(root);
    expect(await value(CELL)).toBe("1000");
    expect(await value('double("1")')).toContain(
      "Argument of type 'string' is not assignable to parameter of type 'number'",
    );
    const inspected = await kernel.request("inspect_request", { code: "double", cursor_pos: 2, detail_level: 0 });
    expect(inspected.content.data["text/plain"]).toContain("Twice as much, and α.");
    expect(inspected.content.data["text/plain"]).toContain("double(x: number): number");
    const completed = await kernel.request("complete_request", { code: "dou", cursor_pos: 3 });
    expect(completed.content.matches).toContain("double");
  });

  it("are shown as they were written when they fail", async () => {
    kernel = await Client.start(root);
    const { reply } = await kernel.run('import { fails } from "./src";\nfails()');
    expect(reply.traceback.join("\n")).toMatch(/src\/fails\.ts:2:9|fails\.ts.*line 2/);
    expect(reply.traceback.join("\n")).toContain('throw new Error("as it should")');
  });
});

describe("modules that are no longer what was compiled", () => {
  it("are compiled with all that import them, if they were edited before the kernel starts", async () => {
    mark();
    write("src/factor.ts", "export const amount = 3;\n");
    kernel = await Client.start(root);
    expect(await value(CELL)).toBe("3");
  });

  it("are compiled if a file that they import was edited, also a JSON file", async () => {
    mark();
    write("src/table.json", '{ "alpha": 0.5 }\n');
    kernel = await Client.start(root);
    expect(await value(CELL)).toBe("1000.5");
    write("src/table.json", '{ "beta": 0.5 }\n');
    expect(await value(CELL)).toContain("Property 'alpha' does not exist");
  });

  it("are read again while the kernel runs, with those that import them, and their errors", async () => {
    mark();
    kernel = await Client.start(root);
    expect(await value(CELL)).toBe("1000");
    write("src/factor.ts", "export const amount = 4;\n");
    expect(await value(CELL)).toBe("4");
    write("src/factor.ts", 'export const amount = "four";\n');
    expect(await value(CELL)).toMatch(/double\.ts.*arithmetic/s);
    write("src/factor.ts", FILES["src/factor.ts"]);
    expect(await value(CELL)).toBe("2");
  });

  it("are compiled with the kernel again when it is built again", async () => {
    write("src/factor.ts", "export const amount = 5;\n");
    expect(await buildKernel(root)).toBe(true);
    expect(readFileSync(modules, "utf8")).toContain("amount = 5");
    write("src/factor.ts", FILES["src/factor.ts"]);
    expect(await buildKernel(root)).toBe(true);
  });
});

it("a kernel is built without them if there is something wrong with them", async () => {
  write("src/factor.ts", "export const amount: string = 2;\n");
  expect(await buildKernel(root)).toBe(true);
  expect(existsSync(modules)).toBe(true);
  kernel = await Client.start(root);
  expect(await value(CELL)).toMatch(/factor\.ts/);
  write("src/factor.ts", FILES["src/factor.ts"]);
  expect(await value(CELL)).toBe("2");
});
