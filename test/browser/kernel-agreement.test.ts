/** The same cells in the kernel's two hosts: Node.js, and a worker in Chromium. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildBrowserKernel } from "../../src/kernel/browser/build.mjs";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "../kernel/client";
import { root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { type SiteServer, serve } from "./site-server";

/** Type errors, errors at run time with their lines, printing, waiting, declarations anew, modules, verdicts, displays. */
const CELLS = [
  "1 + 1",
  'const rates = [0.1, 0.5];\nlet name = "sgd";\n({ rates, name, when: new Map([[1, new Set([2])]]) })',
  'name = "adam";\nname',
  "const rates: number = 3;\nrates.toFixed(1)",
  'let wrong: number = "q";',
  "lr = 3",
  "function deep(n: number): number {\n  if (n === 0) throw new RangeError('at the bottom');\n  return deep(n - 1);\n}\ndeep(3)",
  "throw { code: 7 }",
  'console.log("a", { b: [1, 2] });\nconsole.error("%d of %s", 3, "four");',
  "await new Promise((done) => setTimeout(done, 10));\n[1, 2, 3].map((x) => x ** 2)",
  'setTimeout(() => { throw new Error("late"); }, 1);\nawait new Promise((done) => setTimeout(done, 50));',
  "await Promise.reject(new TypeError('refused'))",
  "class Layer {\n  constructor(readonly size: number) {}\n}\nnew Layer(3)",
  "function double(x: number) {\n  return 2 * x;\n}\ndouble",
  'import * as tslab from "tslab";\ntslab.display.html("<b>bold</b>")',
  'import { Matrix, softmax, gradZ2, verify } from "./src";\nsoftmax(Matrix.fromRows([[1, 2, 3]]))',
  'verify("E10", gradZ2).passed',
  'verify("E10", (A2: Matrix, Y: Matrix) => A2.minus(Y)).misconception?.id',
  "gradZ2(Matrix.fromRows([[1, 2]]), Matrix.fromRows([[1, 2, 3]]))",
  'import { join } from "node:path";\njoin("a", "..", "b")',
  'import { nothing } from "./src/matrix";',
  "new Array(3)",
  "gradZ2?",
  "undefined",
];

/** Its reply's status, and each output as a text. */
type Outcome = { status: string; outputs: string[] };

interface Heard {
  msgType: string;
  content: Record<string, unknown>;
}

/** The text of what was shown; of an error, its lines without colours. */
function shown({ msgType, content }: Heard): string {
  const data = content.data as Record<string, unknown> | undefined;
  const traceback = content.traceback as string[] | undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  const text = traceback?.join("\n").replace(/\u001b\[\d+m/g, "") ?? content.text ?? data?.["text/plain"];
  return `${msgType} ${content.name ?? ""}: ${text}`;
}

/** Streams come in pieces of any size. */
function together(heard: readonly Heard[]): string[] {
  const joined: Heard[] = [];
  for (const one of heard) {
    const before = joined.at(-1);
    if (one.msgType === "stream" && before?.msgType === "stream" && before.content.name === one.content.name) {
      before.content = { ...before.content, text: `${before.content.text}${one.content.text}` };
    } else if (!/^(status|execute_input)$/.test(one.msgType)) joined.push({ ...one });
  }
  return joined.map(shown);
}

describeInBrowser("a kernel in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "browser-kernel-"));
  let node: Client;
  let browser: Browser;
  let server: SiteServer;
  let page: Page;

  beforeAll(async () => {
    await buildKernel(root);
    await buildBrowserKernel(root, folder);
    await build({
      stdin: {
        contents: `import { KernelClient } from "./src/kernel/browser/kernel-client";
const heard = [];
const kernel = new KernelClient({
  base: new URL("kernel/", location.href).href,
  folder: "/book",
  files: () => ({}),
  wrote() {},
  published: (message) => heard.push(message),
});
globalThis.runCell = async (code) => {
  heard.length = 0;
  const reply = await kernel.request("execute_request", { code });
  return { status: reply.content.status, heard };
};`,
        resolveDir: root,
      },
      bundle: true,
      format: "iife",
      outfile: join(folder, "page.js"),
    });
    writeFileSync(join(folder, "index.html"), '<!doctype html><title>Cells</title><script src="page.js"></script>');
    [node, browser, server] = await Promise.all([Client.start(root), launch(), serve(folder)]);
    page = await browser.newPage();
    await page.goto(server.url);
  });
  afterAll(async () => {
    await Promise.all([node?.close(), browser?.close()]);
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(CELLS)("answers as in Node.js: %s", async (code) => {
    const { reply, outputs } = await node.run(code);
    const heard = outputs.map(({ header, content }) => ({ msgType: header.msg_type, content: content as never }));
    const here: Outcome = { status: reply.status, outputs: together(heard) };
    const there = (await page.evaluate(
      (text) => (globalThis as unknown as { runCell(code: string): Promise<unknown> }).runCell(text),
      code,
    )) as { status: string; heard: Heard[] };
    expect({ status: there.status, outputs: together(there.heard) }).toEqual(here);
  });
});
