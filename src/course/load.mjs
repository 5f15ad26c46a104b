import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads one of the project's TypeScript modules into plain Node.js.
 *
 * @param {import("../setup/project.mjs").Project} project
 * @param {string} entry its path from the project's root, without `.ts`
 * @returns {Promise<any>} what it exports
 */
export async function loadTypeScript(project, entry) {
  const { build } = await import("esbuild");
  const outfile = join(project.build, "course", `${entry.replaceAll("/", "-")}.mjs`);
  await build({
    entryPoints: [join(project.root, `${entry}.ts`)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
  });
  return import(pathToFileURL(outfile).href);
}
