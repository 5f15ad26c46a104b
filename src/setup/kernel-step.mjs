import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hash, hashOfFile, removeStamp, staleness, writeStamp } from "./stamp.mjs";

/**
 * The notebooks' kernel: built from src/kernel, with what the notebooks import from src compiled, and registered in .venv
 * under the name tslab.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./step.mjs").Step}
 */
export function kernelStep({ root, venv, build }) {
  const built = join(build, "kernel");
  const stamp = stampIn(build);
  const kernelspec = join(venv, "share", "jupyter", "kernels", "tslab");
  const inputs = () => ({
    src: hashOfFolder(join(root, "src")),
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
      // The rest stays until the new one takes its place, for kernels that are started meanwhile.
      rmSync(join(built, "stamp"), { force: true });
      // Only now: they need the npm packages.
      const { buildKernel } = await import("../kernel/build.mjs");
      const { installKernelspec } = await import("../kernel/kernelspec.mjs");
      await buildKernel(root);
      installKernelspec(root, venv);
      writeStamp(stamp, inputs(), { root, folders: [built, kernelspec] });
    },
  };
}

/**
 * Whether there is a kernel, be it out of date.
 *
 * @param {import("./project.mjs").Project} project
 */
export function hasKernel({ build }) {
  return existsSync(stampIn(build));
}

/** @param {string} build */
function stampIn(build) {
  return join(build, "kernel.set-up.json");
}

/** @param {string} folder */
function hashOfFolder(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(ts|mjs|json)$/.test(file),
  );
  return hash(files.map((file) => `${file} ${hashOfFile(join(folder, file))}`).join("\n"));
}
