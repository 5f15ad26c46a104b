// The set-up of an image's copy of the project, for the Jupyter that the image has:
//
//     node src/setup/image.mjs PREFIX
//
// PREFIX is the folder of the Python environment that Jupyter runs from; the kernel and JupyterLab's settings go there.
// What only development needs is taken away at the end, so that it is not carried to every machine of a cluster.
import { join } from "node:path";
import { installFailure } from "./failure.mjs";
import { kernelStep } from "./kernel-step.mjs";
import { labSettingsStep } from "./lab-settings-step.mjs";
import { npmCli, npmStep } from "./npm-step.mjs";
import { project } from "./project.mjs";
import { setUp } from "./set-up.mjs";

const [prefix] = process.argv.slice(2);
const image = { ...project, venv: prefix, python: join(prefix, "bin", "python") };

/** @type {import("./step.mjs").Step} */
const pruneStep = {
  title: "only what notebooks need",
  reason: async () => "an image should be small",
  async perform(run) {
    const options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, output } = await run(process.execPath, [npmCli(), "prune", ...options], { cwd: image.root });
    if (code !== 0) throw installFailure("npm prune", output, image);
  },
};

await setUp(image, { steps: [npmStep(image), labSettingsStep(image), kernelStep(image), pruneStep] });
