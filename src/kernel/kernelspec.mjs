/** The entry in Jupyter's list of kernels. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** TypeScript's blue square, drawn anew: Jupyter shows it in the launcher. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
<rect width="64" height="64" rx="6" fill="#3178c6"/>
<path d="M14 30h22v5h-8v22h-6V35h-8zM55 37q-4-3-8-3-4 0-4 2.600 0 2.400 5 4.200 8 2.800 8 8.700 0 8-10 8-5 0-8.500-2v-6q4 3 8 3 4.500 0 4.500-2.800 0-2.500-5-4.300-8-2.800-8-8.500 0-8 10.500-8 4 0 7.500 1.500z" fill="#fff"/>
</svg>
`;

/**
 * What Node.js is told for the kernel to take less memory. V8 refuses a code cache that was made with other options, so
 * that the build is run with them too.
 *
 * - New objects get 3 × 4 MB instead of 3 × 16. Most of what the compiler makes for a cell lives on anyway, and what dies
 *   young, in a training loop for one, dies in 4 MB as well.
 * - One thread helps V8 instead of four: each takes memory of its own, and on two cores they stand in each other's way.
 * - Garbage is looked for when memory has grown by a fifth, not by half or more: every cell leaves some behind.
 */
export const NODE_OPTIONS = ["--max-semi-space-size=4", "--v8-pool-size=1", "--heap-growing-percent=20"];

/** glibc lets every thread hoard the memory it has freed; with one hoard for all, more of it is used again. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

/**
 * Tells the Jupyter of `venv` of the kernel of the project at `root`. The kernel will be run by this very Node.js.
 *
 * @param {string} root the project's folder
 * @param {string} venv the folder of the Python environment
 * @returns {string} the folder of the kernelspec
 */
export function installKernelspec(root, venv) {
  const folder = join(venv, "share", "jupyter", "kernels", "tslab");
  mkdirSync(folder, { recursive: true });
  const main = join(root, ".build", "kernel", "main.cjs");
  const spec = {
    argv: [process.execPath, ...NODE_OPTIONS, main, "--connection-file", "{connection_file}"],
    env: ENVIRONMENT,
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "message",
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  writeFileSync(join(folder, "logo-svg.svg"), LOGO);
  return folder;
}
