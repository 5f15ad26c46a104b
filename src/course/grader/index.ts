/** What the grading commands load. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions, OutputFile } from "esbuild";
import { writeWhole } from "../../setup/whole-file.mjs";
import { type Notebook, parseNotebook } from "../notebook";
import { processFiles } from "../sandbox/sandbox";

export { findSandbox, NoSandbox } from "../sandbox/sandbox";
export { fileReader } from "./file-reader";
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
 * Makes the files that run in processes and threads of their own: the harness in the sandbox, its supervisor, and what reads
 * and compiles notebooks. A file that is in use is not changed.
 * @returns the harness's path
 */
export async function buildHarness(root: string, folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const made = async (name: keyof typeof processFiles, entry: string, own: BuildOptions) => {
    const { outputFiles } = await build({
      ...own,
      entryPoints: [join(root, "src/course", entry)],
      bundle: true,
      platform: "node",
      target: "node20",
      logLevel: "silent",
      write: false,
    });
    writeWhole(join(folder, processFiles[name]), (outputFiles as OutputFile[])[0].contents);
  };
  await made("supervisor", "sandbox/supervisor.ts", { format: "esm" });
  await made("reader", "grader/read-process.ts", { format: "esm" });
  await made("compiler", "program/compile-process.ts", {
    packages: "external",
    format: "cjs",
    // Wherever the file is, its packages are the project's.
    banner: { js: 'require = require("node:module").createRequire(process.cwd() + "/");' },
  });
  await made("harness", "sandbox/harness.ts", { minify: true, format: "esm" });
  return join(folder, processFiles.harness);
}
