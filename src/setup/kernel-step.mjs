import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hash, hashOfFile, removeStamp, staleness, writeStamp } from "./stamp.mjs";

/**
 * The notebooks' kernel: built from src/kernel, and registered in .venv under the name tslab.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./set-up.mjs").Step}
 */
export function kernelStep({ root, venv, build }) {
  const stamp = join(build, "kernel.set-up.json");
  const kernelspec = join(venv, "share", "jupyter", "kernels", "tslab");
  const inputs = () => ({
    "src/kernel": hashOfFolder(join(root, "src", "kernel")),
    "package-lock.json": hashOfFile(join(root, "package-lock.json")),
    "the project's folder": root,
    "the installed Node": `${process.version} ${process.execPath}`,
  });
  return {
    title: "the notebooks' kernel",
    reason: async () => (existsSync(join(root, "src/kernel/build.mjs")) ? staleness(stamp, inputs(), root) : undefined),
    async perform() {
      removeStamp(stamp);
      // Only now: these need the npm packages.
      const { buildKernel } = await import("../kernel/build.mjs");
      const { installKernelspec } = await import("../kernel/kernelspec.mjs");
      await buildKernel(root);
      await installKernelspec(root, venv);
      writeStamp(stamp, inputs(), { root, folders: [kernelspec, join(build, "kernel")] });
    },
  };
}

/** @param {string} folder */
function hashOfFolder(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return hash(files.map(({ name }) => `${name} ${hashOfFile(join(folder, name))}`).join("\n"));
}
