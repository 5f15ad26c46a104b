import { mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectRoot } from "../../src/kernel/node/project-root";
import { Client } from "./client";
import { ROOT } from "./project";

const home = realpathSync(mkdtempSync(join(tmpdir(), "a home ")));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): string {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
  return dirname(join(home, path));
}

const own = write("image/package.json", '{ "name": "a-course" }');
mkdirSync(join(own, "node_modules"));

it("a notebook in no copy of the project has the kernel's own", () => {
  expect(projectRoot(own, write("elsewhere/notebooks/n.ipynb", "{}"))).toBe(own);
  write("other/package.json", '{ "name": "another" }');
  expect(projectRoot(own, write("other/notebooks/n.ipynb", "{}"))).toBe(own);
  write("broken/package.json", '{ "name": ');
  expect(projectRoot(own, write("broken/notebooks/n.ipynb", "{}"))).toBe(own);
});

it("a kernel without a name stays where it is", () => {
  const nameless = write("nameless/note.txt", "");
  expect(projectRoot(nameless, write("course/notebooks/n.ipynb", "{}"))).toBe(nameless);
});

it("a notebook in a copy has that copy, which is given the kernel's packages once", () => {
  const copy = write("course/package.json", '{ "name": "a-course" }');
  for (const _ of [1, 2]) expect(projectRoot(own, write("course/notebooks/n.ipynb", "{}"))).toBe(copy);
  expect(readlinkSync(join(copy, "node_modules"))).toBe(join(own, "node_modules"));
});

it("a copy with packages keeps them", () => {
  const copy = write("whole/package.json", '{ "name": "a-course" }');
  mkdirSync(join(copy, "node_modules"));
  expect(projectRoot(own, copy)).toBe(copy);
  expect(() => readlinkSync(join(copy, "node_modules"))).toThrow();
});

it("a copy's source and packages are what its notebooks import, with their types", async () => {
  write("mine/package.json", '{ "name": "backprop-by-hand" }');
  write("mine/src/index.ts", 'import Decimal from "decimal.js";\nexport const mine = (x: number) => new Decimal(x);\n');
  const kernel = await Client.start(ROOT, { cwd: write("mine/notebooks/n.ipynb", "{}") });
  try {
    const run = await kernel.run('import { mine } from "./src";\nmine(0.1).plus(0.2).toString()');
    expect(run.outputs.map(({ content }) => content.data?.["text/plain"])).toContain("'0.3'");
    const wrong = await kernel.run('mine("0.1")');
    expect(wrong.reply.evalue).toContain("Argument of type 'string' is not assignable to parameter of type 'number'");
  } finally {
    await kernel.close();
  }
});
