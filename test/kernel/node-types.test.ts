import { realpathSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, it } from "vitest";
import { modulesOnDemand, withoutModulesOnDemand } from "../../src/kernel/core/node-types";
import { Client } from "./client";
import { ROOT } from "./project";

const TYPES = realpathSync(join(ROOT, "node_modules", "@types"));

let kernel: Client;

beforeAll(async () => {
  kernel = await Client.start(ROOT);
});

afterAll(() => kernel.close());

/** The files of Node's types that a program has whose only file is `text`. */
function filesFor(text: string): string[] {
  const options = { types: ["node"], typeRoots: [TYPES], paths: modulesOnDemand(join(TYPES, "node")), noEmit: true };
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  const file = join(ROOT, "text.ts");
  host.readFile = (path) => {
    const read = path === file ? text : readFile(path);
    return read === undefined ? undefined : withoutModulesOnDemand(path, read);
  };
  host.getSourceFile = (path, target) => {
    const read = host.readFile(path);
    return read === undefined ? undefined : ts.createSourceFile(path, read, target);
  };
  const files = ts.createProgram([file], options, host).getSourceFiles();
  return files.filter(({ fileName }) => fileName.startsWith(TYPES)).map(({ fileName }) => fileName);
}

it("the files of some modules are read when the module is imported, and not before", () => {
  const onDemand = [...new Set(Object.values(modulesOnDemand(join(TYPES, "node"))).flat())];
  expect(onDemand.length).toBeGreaterThan(15);
  expect(onDemand.filter((path) => !ts.sys.fileExists(path))).toEqual([]);
  const without = filesFor("export {};");
  expect(without).toContain(join(TYPES, "node", "fs.d.ts"));
  expect(onDemand.filter((path) => without.includes(path))).toEqual([]);
  const http2 = join(TYPES, "node", "http2.d.ts");
  expect(filesFor('import "node:http2";')).toEqual(expect.arrayContaining([...without, http2]));
});

it("every module of Node.js has its types, with and without the prefix", async () => {
  // The types are those of the oldest Node that will do: of modules that came later they say nothing.
  const later = /^node:(sqlite|ffi)$/;
  const withTypes = builtinModules.filter((name) => !/^(_|sys$)/.test(name) && !later.test(name));
  const specifiers = withTypes.flatMap((name) => (name.startsWith("node:") ? [name] : [name, `node:${name}`]));
  expect(specifiers.length).toBeGreaterThan(80);
  const imports = specifiers.map((name, k) => `import type * as m${k} from ${JSON.stringify(name)};`);
  const checks = specifiers.map((_, k) => `const right${k}: IsAny<typeof m${k}> = false;`);
  const { reply } = await kernel.run(
    `${imports.join("\n")}\ntype IsAny<T> = 0 extends 1 & T ? true : false;\n${checks.join("\n")}`,
  );
  expect(reply).toMatchObject({ status: "ok" });
});

it("a module that was imported has its types in later cells, and documentation", async () => {
  const { reply } = await kernel.run('import { join } from "node:path";\nimport * as zlib from "zlib";');
  expect(reply.status).toBe("ok");
  const wrong = await kernel.run("join(1)");
  expect(wrong.reply.evalue).toContain("Argument of type 'number' is not assignable to parameter of type 'string'");
  const { content: completed } = await kernel.request("complete_request", { code: "zlib.gunzipS", cursor_pos: 12 });
  expect(completed.matches).toContain("gunzipSync");
});

it("global names have their types and documentation", async () => {
  const cell = "const rss: number = process.memoryUsage().rss;\nconst fs = process.getBuiltinModule('node:fs');";
  expect((await kernel.run(`${cell}\nfs.existsSync('.')`)).reply.status).toBe("ok");
  const wrong = await kernel.run("const columns: string = process.stdout.columns;");
  expect(wrong.reply.evalue).toContain("Type 'number' is not assignable to type 'string'");
  const { content: inspected } = await kernel.request("inspect_request", {
    code: "process.argv",
    cursor_pos: 9,
    detail_level: 0,
  });
  expect(inspected.data["text/plain"]).toContain("process-args.js");
});
