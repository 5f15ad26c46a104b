import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { project } from "../../src/setup/project.mjs";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { temporaryFolder } from "./temporary-folder.js";

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  await buildKernel(project.root);
});

/** Writes a notebook whose last run said something else. */
function notebook(name: string, sources: string[]) {
  const path = join(folder, name);
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    execution_count: 7,
    id: `cell-${index}`,
    metadata: { tags: ["mine"] },
    outputs: [{ name: "stdout", output_type: "stream", text: ["old\n"] }],
    source: [source],
  }));
  const metadata = { kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" } };
  writeFileSync(path, `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`);
  return path;
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

async function execute(...args: string[]) {
  const program = join(project.root, "src/setup/execute_notebooks.py");
  const options = { cwd: folder, env: pythonEnvironment(project) };
  return promisify(execFile)(project.python, [program, ...args], options)
    .then((result) => ({ ...result, code: 0 }))
    .catch((error) => error);
}

it("a notebook gets its new outputs and keeps all else, and a second run changes nothing", async () => {
  const path = notebook("good.ipynb", ['console.log("a"); console.log("b");', "1 + 1"]);
  const before = read(path);
  expect(await execute(path)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^good\.ipynb … ✓ .* written\n$/),
  });
  const after = read(path);
  expect(after.metadata).toEqual(before.metadata);
  expect(after.cells.map(({ id, metadata, source }: never) => ({ id, metadata, source }))).toEqual(
    before.cells.map(({ id, metadata, source }: never) => ({ id, metadata, source })),
  );
  expect(after.cells[0].outputs).toEqual([{ name: "stdout", output_type: "stream", text: ["a\n", "b\n"] }]);
  expect(after.cells[1]).toMatchObject({ execution_count: 2, outputs: [{ output_type: "execute_result" }] });
  expect(await execute(path)).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
});

it("copies go to a folder that need not exist, and the notebook stays as it was", async () => {
  const path = notebook("copied.ipynb", ["2 + 2"]);
  const before = readFileSync(path, "utf8");
  const out = join(folder, "copies", "of mine");
  expect(await execute(path, "--out", out)).toMatchObject({ code: 0 });
  expect(readFileSync(path, "utf8")).toBe(before);
  expect(read(join(out, "copied.ipynb")).cells[0].execution_count).toBe(1);
});

it("a failing cell is named with its error, its notebook stays as it was, and the next one runs", async () => {
  const bad = notebook("bad.ipynb", ["const a = 1;", 'throw new RangeError("too far");']);
  const good = notebook("good after bad.ipynb", ["1"]);
  const before = readFileSync(bad, "utf8");
  const { code, stdout, stderr } = await execute(bad, good);
  expect(code).toBe(1);
  expect(stdout).toContain("bad.ipynb, cell 2: RangeError: too far");
  expect(stdout).toMatch(/good after bad\.ipynb … ✓/);
  expect(stderr).toBe("1 of 2 notebooks failed.\n");
  expect(readFileSync(bad, "utf8")).toBe(before);
});

it("a cell tagged as one that may fail does not stop its notebook", async () => {
  const path = notebook("demonstration.ipynb", ['throw new Error("as shown");', "3"]);
  const content = read(path);
  content.cells[0].metadata.tags = ["raises-exception"];
  writeFileSync(path, JSON.stringify(content));
  expect(await execute(path)).toMatchObject({ code: 0 });
  expect(read(path).cells[0].outputs[0]).toMatchObject({ output_type: "error", evalue: "as shown" });
});

it("a kernel that ends and a file that is no notebook are told", async () => {
  const ending = notebook("ending.ipynb", ["1", 'process.kill(process.pid, "SIGKILL");']);
  const broken = join(folder, "broken.ipynb");
  writeFileSync(broken, "{");
  const { code, stdout } = await execute(ending, broken, join(folder, "missing.ipynb"));
  expect(code).toBe(1);
  expect(stdout).toContain("ending.ipynb, cell 2: the kernel died.");
  expect(stdout).toMatch(/broken\.ipynb … ✗/);
  expect(stdout).toMatch(/missing\.ipynb … ✗ .*\n.*No such file/);
});

it("a cell that does not end is told", async () => {
  const endless = notebook("endless.ipynb", ["while (true) {}"]);
  const { code, stdout } = await execute(endless, "--timeout", "2");
  expect(code).toBe(1);
  expect(stdout).toContain("endless.ipynb, cell 1: not finished after 2 s.");
});
