/**
 * The kernel is built, several times.
 *
 * @module-tag slow
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { installKernelspec, NODE_OPTIONS } from "../../src/kernel/kernelspec.mjs";
import { Client } from "./client";
import { ROOT } from "./project";

let parent: string;
let root: string;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "kernel-build-"));
  root = join(parent, "with a space");
  cpSync(join(ROOT, "src", "kernel"), join(root, "src", "kernel"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(root, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir");
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

it("builds a kernel that runs, and builds it again only if its sources changed", async () => {
  const main = join(root, ".build", "kernel", "main.cjs");
  expect(await buildKernel(root)).toBe(true);
  const built = statSync(main).mtimeMs;
  expect(await buildKernel(root)).toBe(false);
  expect(statSync(main).mtimeMs).toBe(built);

  const kernel = await Client.start(root);
  const { reply } = await kernel.run("1 + 1");
  await kernel.close();
  expect(reply.status).toBe("ok");

  writeFileSync(
    join(root, "src", "kernel", "node", "sigint.ts"),
    `${readFileSync(join(root, "src/kernel/node/sigint.ts"), "utf8")}\n`,
  );
  expect(await buildKernel(root)).toBe(true);
});

it("caches the compiler for the options that the kernel is run with, without which V8 would refuse it", async () => {
  await buildKernel(root);
  const load = `const { readFileSync } = require("node:fs");
    const [text, cachedData] = ["js", "cache"].map((type) => readFileSync("typescript." + type));
    console.log(new (require("node:vm").Script)(text.toString("latin1"), { cachedData }).cachedDataRejected);`;
  const cwd = join(root, ".build", "kernel");
  const { stdout } = spawnSync(process.execPath, [...NODE_OPTIONS, "--eval", load], { cwd, encoding: "utf8" });
  expect(stdout).toBe("false\n");
});

it("builds again what is there in part", async () => {
  await buildKernel(root);
  rmSync(join(root, ".build", "kernel", "stamp"));
  expect(await buildKernel(root)).toBe(true);
  rmSync(join(root, ".build", "kernel", "switchboard.cjs"));
  expect(await buildKernel(root)).toBe(true);
  expect(existsSync(join(root, ".build", "kernel", "switchboard.cjs"))).toBe(true);
});

it("leaves the kernel that is there when a build fails, and says why", async () => {
  await buildKernel(root);
  const path = join(root, "src", "kernel", "node", "sigint.ts");
  const source = readFileSync(path, "utf8");
  writeFileSync(path, "const = ;");
  await expect(buildKernel(root)).rejects.toThrow(/sigint\.ts/);
  expect(existsSync(join(root, ".build", "kernel", "sigint.cjs"))).toBe(true);
  writeFileSync(path, source);
});

it("writes a kernelspec for this Node.js and this project, interrupted by messages", () => {
  const folder = installKernelspec(root, join(root, ".venv"));
  expect(folder).toBe(join(root, ".venv", "share", "jupyter", "kernels", "tslab"));
  const main = join(root, ".build", "kernel", "main.cjs");
  expect(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"))).toEqual({
    argv: [process.execPath, ...NODE_OPTIONS, main, "--connection-file", "{connection_file}"],
    env: { MALLOC_ARENA_MAX: "1" },
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "message",
  });
  expect(readFileSync(join(folder, "logo-svg.svg"), "utf8")).toMatch(/^<svg /);
});
