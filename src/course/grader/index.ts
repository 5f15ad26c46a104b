/** What the grading commands load. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, parseNotebook } from "../notebook";
import { writeWhole } from "../whole-file";

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
 * Makes the one file that runs in the sandbox; one that is in use is not changed.
 * @returns its path
 */
export async function buildHarness(root: string, folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const outfile = join(folder, "harness.mjs");
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/course/sandbox/harness.ts")],
    outfile,
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
  });
  writeWhole(outfile, outputFiles[0].contents);
  return outfile;
}
