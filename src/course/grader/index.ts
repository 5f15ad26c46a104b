/** What the grading commands load. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import { type Notebook, parseNotebook } from "../notebook";
import { processFiles } from "../sandbox/sandbox";

export { findSandbox, NoSandbox } from "../sandbox/sandbox";
export { type GradeOptions, gradeClass, gradeShard } from "./grade";
export { secretIn } from "./secret";
export { type MergeOptions, mergeShards, shardOf } from "./shards";

/** The instructor's notebooks in a folder, by the names of their assignments. */
export function mastersIn(folder: string): Map<string, Notebook> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return new Map(
    names.sort().map((name) => [name.slice(0, -6), parseNotebook(readFileSync(join(folder, name), "utf8"))]),
  );
}

/**
 * Makes the files that run in processes of their own: the harness in the sandbox, and the compiler beside it. A file that is
 * in use is not changed.
 * @returns the harness's path
 */
export async function buildHarness(root: string, folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const shared = { bundle: true, platform: "node", target: "node20", logLevel: "silent", write: false } as const;
  const harness = await build({
    ...shared,
    entryPoints: [join(root, "src/course/sandbox/harness.ts")],
    minify: true,
    format: "esm",
  });
  const compiler = await build({
    ...shared,
    entryPoints: [join(root, "src/course/program/compile-process.ts")],
    packages: "external",
    format: "cjs",
    // Wherever the file is, its packages are the project's.
    banner: { js: 'require = require("node:module").createRequire(process.cwd() + "/");' },
  });
  writeWhole(join(folder, processFiles.compiler), compiler.outputFiles[0].contents);
  writeWhole(join(folder, processFiles.harness), harness.outputFiles[0].contents);
  return join(folder, processFiles.harness);
}
