import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client, type Execution } from "./client";
import { ROOT } from "./project";

/** What tslab's users know: the examples of its own notebooks and of its manual. */
const CELLS = {
  html: 'import * as tslab from "tslab";\ntslab.display.html("<b>b</b>");',
  markdown:
    'import { display as shown } from "tslab";\nshown.markdown("**b**"); shown.latex("$x$"); shown.svg("<svg/>");',
  "an image":
    'import * as tslab2 from "tslab";\ntslab2.display.png(new Uint8Array([137, 80])); tslab2.display.raw("a/b", "c");',
  "a display that is replaced":
    'import { newDisplay } from "tslab";\nconst one = newDisplay(); one.text("first"); one.text("second");',
  "several values": "const [x, y] = [1, 2]; x + y",
  "an object": "let { a, b } = { a: 1, b: 'text' };\n({ a, b })",
  "top-level await": "async function later(x: number) { return x }\nawait later(3)",
  "a class": "class Person { constructor(public name: string) {} }\nnew Person('Ada')",
  "a name that is declared anew": "let n = 1;\nn = 2; n",
};

let ours: Client;
let stock: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  [ours, stock] = await Promise.all([Client.start(ROOT), Client.start(ROOT, { command: stockTslab })]);
});

afterAll(() => Promise.all([ours?.close(), stock?.close()]));

/** How tslab is started as it is installed. */
function stockTslab(connectionFile: string): string[] {
  const program = join(ROOT, "node_modules", "tslab", "bin", "tslab");
  return [program, "kernel", `--config-path=${connectionFile}`];
}

/** What a cell displays: the bundles, and its result, which stock tslab prints. */
function shown({ outputs }: Execution): unknown[] {
  return outputs
    .filter(({ header }) => header.msg_type !== "execute_input")
    .map(({ header, content }) => {
      if (header.msg_type === "stream") return content.text.trim();
      return header.msg_type === "execute_result" ? content.data["text/plain"] : [header.msg_type, content.data];
    });
}

it.each(Object.entries(CELLS))("%s is shown as in stock tslab", async (_, cell) => {
  expect(shown(await ours.run(cell))).toEqual(shown(await stock.run(cell)));
});

it("tslab's versions are its own, and those of the compiler and of Node.js that run", async () => {
  const { outputs } = await ours.run('import { versions } from "tslab";\nJSON.stringify(versions)');
  const require = createRequire(import.meta.url);
  const versions = { tslab: require("tslab/package.json").version, typescript: "5.9.3", node: process.version };
  expect(outputs.at(-1)?.content.data["text/plain"]).toBe(`'${JSON.stringify(versions)}'`);
});
