/** What the grading commands load. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, parseNotebook } from "../notebook";

export { findSandbox, NoSandbox } from "../sandbox/sandbox";
export { type GradeOptions, gradeClass } from "./grade";
export { secretIn } from "./secret";

/** The instructor's notebooks in a folder, by the names of their assignments. */
export function mastersIn(folder: string): Map<string, Notebook> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return new Map(
    names.sort().map((name) => [name.slice(0, -6), parseNotebook(readFileSync(join(folder, name), "utf8"))]),
  );
}

/**
 * Makes the one file that runs in the sandbox.
 * @returns its path
 */
export async function buildHarness(root: string, folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const outfile = join(folder, "harness.mjs");
  await build({
    entryPoints: [join(root, "src/course/sandbox/harness.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
  });
  return outfile;
}
