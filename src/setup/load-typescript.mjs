import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWhole } from "./whole-file.mjs";

/**
 * The file that a TypeScript module is bundled into.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} entry the module's path from the project's root, without `.ts`
 */
export function bundleOf(project, entry) {
  return join(project.build, "modules", `${entry.replaceAll("/", "-")}.mjs`);
}

/**
 * Loads one of the project's TypeScript modules into plain Node.js.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} entry its path from the project's root, without `.ts`
 * @returns {Promise<any>} what it exports
 */
export async function loadTypeScript(project, entry) {
  const { build } = await import("esbuild");
  const outfile = bundleOf(project, entry);
  const { outputFiles } = await build({
    entryPoints: [join(project.root, `${entry}.ts`)],
    outfile,
    write: false,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
  });
  // Other commands may be loading the same file now.
  writeWhole(outfile, outputFiles[0].contents);
  return import(pathToFileURL(outfile).href);
}
