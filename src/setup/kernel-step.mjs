import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hash, hashOfFile, removeStamp, staleness, writeStamp } from "./stamp.mjs";

/**
 * The notebooks' kernel: built from src/kernel, and registered in .venv under the name tslab.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./set-up.mjs").Step}
 */
export function kernelStep({ root, venv, build }) {
  const built = join(build, "kernel");
  const stamp = join(build, "kernel.set-up.json");
  const kernelspec = join(venv, "share", "jupyter", "kernels", "tslab");
  const inputs = () => ({
    "src/kernel": hashOfFolder(join(root, "src", "kernel")),
    "package-lock.json": hashOfFile(join(root, "package-lock.json")),
    "the project's folder": root,
    "the installed Node": `${process.version} ${process.execPath}`,
    "the kernelspec": hashOfFile(join(kernelspec, "kernel.json")),
  });
  return {
    title: "the notebooks' kernel",
    reason: async () => staleness(stamp, inputs(), root),
    async perform() {
      removeStamp(stamp);
      rmSync(built, { recursive: true, force: true });
      // Only now: they need the npm packages.
      const { buildKernel } = await import("../kernel/build.mjs");
      const { installKernelspec } = await import("../kernel/kernelspec.mjs");
      await buildKernel(root);
      installKernelspec(root, venv);
      writeStamp(stamp, inputs(), { root, folders: [built, kernelspec] });
    },
  };
}

/** @param {string} folder */
function hashOfFolder(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return hash(files.map(({ name }) => `${name} ${hashOfFile(join(folder, name))}`).join("\n"));
}
