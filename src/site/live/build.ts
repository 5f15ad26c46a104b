/** What makes the book's pages live, beside them: the programs of the pages, the kernel, and the notebooks to be downloaded. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { buildBrowserKernel, FOR_BROWSERS } from "../../kernel/browser/build.mjs";
import { BookProblem } from "../book-problem";

/** In place of Node's modules, in a page that shows outputs: nothing lies beside an output. */
const NODE: Readonly<Record<string, string>> = {
  "node:fs": "export const existsSync = () => false; export const readFileSync = () => '';",
  "node:path": `export const [basename, dirname, extname] = [String, () => "/", () => ""]; export const resolve = (...parts) => parts.join("/");`,
  "node:module": "export const createRequire = () => ({ resolve: () => '' });",
  "node:util": "export const stripVTControlCharacters = (text) => text.replace(/\\u001b\\[[0-9;]*m/g, '');",
};

const withoutNode: Plugin = {
  name: "without Node",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "without-node" }));
    build.onLoad({ filter: /.*/, namespace: "without-node" }, ({ path }) => ({ contents: NODE[path] ?? "export {};" }));
  },
};

/**
 * Writes what makes pages live.
 *
 * @param root the project's folder
 * @param notebooks their paths
 * @param out the book's folder
 * @throws {BookProblem} if the kernel isn't built
 */
export async function makeLive(root: string, notebooks: readonly string[], out: string): Promise<void> {
  if (!existsSync(join(root, ".build", "kernel", "typescript.js"))) {
    throw new BookProblem("The notebooks' kernel is not built: run npm run setup.");
  }
  const folder = join(out, "files", "notebooks");
  mkdirSync(folder, { recursive: true });
  for (const path of notebooks) writeFileSync(join(folder, basename(path)), inOnePiece(readFileSync(path, "utf8")));
  const inject = [join(root, "src/site/live/buffer.ts")];
  for (const name of ["live", "editor", "shown"]) {
    await build({
      entryPoints: [join(root, `src/site/live/${name}.ts`)],
      outfile: join(out, `${name}.js`),
      ...FOR_BROWSERS,
      absWorkingDir: root,
      ...(name === "shown" && { plugins: [withoutNode], inject }),
    });
  }
  await buildBrowserKernel(root, out);
}

/** A notebook whose texts are texts, and not lists of lines: JupyterLite does not put these together. */
function inOnePiece(notebook: string): string {
  const joined = (key: string, value: unknown) =>
    Array.isArray(value) && key !== "traceback" && value.length > 0 && value.every((line) => typeof line === "string")
      ? value.join("")
      : value;
  const content = JSON.parse(notebook, (key, value) =>
    key === "source" || key === "text" || key.includes("/") ? joined(key, value) : value,
  );
  return `${JSON.stringify(content, null, 1)}\n`;
}
