import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Problem } from "../../src/setup/problem.mjs";
import { contestants, US, usOn } from "./contestants.mjs";
import { installPeers } from "./install.mjs";
import { measureKernels, measureNotebooks } from "./kernels.mjs";
import { measureLearning } from "./learning.mjs";
import { measureLimit } from "./limit.mjs";
import { machine } from "./machine.mjs";
import { nodes } from "./nodes.mjs";
import { readDigits } from "./problem.mjs";
import { publish } from "./publish.mjs";
import { report } from "./report.mjs";
import { measureSteps, sizes } from "./steps.mjs";

const PARTS = ["steps", "sweeps", "kernels", "notebooks", "learning"];

/**
 * The benchmark: measures, prints tables in Markdown, and writes all figures. With `--publish FILE` it measures nothing, and has the
 * README and notebook 06 say what was measured.
 *
 * @param {import("../../src/setup/commands.mjs").Given} given
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<number>} 0: no figure makes it fail
 */
export async function main(given, project) {
  const { only, quick, peers, json, published } = optionsFrom(given);
  if (published !== undefined) {
    publish(project.root, published);
    return 0;
  }
  const say = (/** @type {string} */ line) => console.error(line);
  const folder = join(project.build, "bench");
  mkdirSync(folder, { recursive: true });
  if (peers) await installPeers(project, say);
  await buildOurs(project, folder);
  const { Random } = await import(pathToFileURL(join(folder, "random.mjs")).href);

  const all = contestants(project, { peers });
  const fast = all.filter(({ name, threads }) => threads === 1 && [US, "NumPy", "PyTorch"].includes(name));
  const rounds = quick ? 1 : 7;
  const turn = {
    rounds,
    seconds: quick ? 0.02 : 0.2,
    folder,
    digits: readDigits(project.root),
    random: new Random(1),
    say,
  };

  /** @type {import("./report.mjs").Figures} */
  const figures = { when: new Date().toISOString(), machine: machine(), nodes: {}, limits: {} };
  nodes(project.root, { peers }).forEach((node, k) => {
    const name = k === 0 ? US : usOn(node);
    figures.nodes[name] = node.version;
    figures.limits[name] = measureLimit(node.executable, project, folder, rounds);
  });
  // After each part: what was measured is there, also if the rest is not waited for.
  const save = () => {
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, undefined, 1)}\n`);
  };
  if (only.includes("steps")) {
    figures.steps = {};
    for (const [name, size] of Object.entries(quick ? { S: sizes.S } : sizes)) {
      figures.steps[name] = await measureSteps({ contestants: all, sizes: [size], ...turn });
    }
  }
  save();
  if (only.includes("sweeps")) {
    figures.sweeps = {};
    for (const [letter, values] of Object.entries(quick ? { N: [16, 64] } : sweeps)) {
      const grown = values.map((value) => ({ N: 128, D: 64, H: 32, C: 10, [letter]: value }));
      const precise = fast.filter(({ precision }) => precision === "float64");
      figures.sweeps[letter] = await measureSteps({ contestants: precise, sizes: grown, ...turn });
    }
  }
  save();
  if (only.includes("kernels")) figures.kernels = await measureKernels(project, { rounds, say });
  save();
  if (only.includes("notebooks")) figures.notebooks = await measureNotebooks(project, { rounds: quick ? 1 : 3, say });
  save();
  if (only.includes("learning")) {
    const learners = fast.filter(({ name }) => name !== "NumPy");
    const seeds = quick ? { digits: 1, mnist: 0 } : { digits: 7, mnist: 3 };
    figures.learning = await measureLearning({ contestants: learners, root: project.root, folder, seeds, say });
  }
  save();
  console.log(report(figures));
  return 0;
}

/** Each letter's values; the other letters stay at N = 128, D = 64, H = 32, C = 10. */
const sweeps = {
  N: [32, 128, 512, 2048, 8192],
  D: [16, 64, 256, 1024, 4096],
  H: [8, 32, 128, 512, 2048],
};

/**
 * @param {import("../../src/setup/commands.mjs").Given} given
 */
function optionsFrom({ values: { only: parts, quick = false, "no-peers": alone = false, json, publish } }) {
  const only = parts === undefined ? PARTS : parts.split(",");
  const unknown = only.find((/** @type {string} */ part) => !PARTS.includes(part));
  if (unknown !== undefined)
    throw new Problem(`bench: there is no part ${unknown}; expected some of ${PARTS.join(",")}`);
  const published = publish === undefined ? undefined : figuresIn(publish);
  return { only, quick, peers: !alone, json, published };
}

/**
 * @param {string} file
 * @throws {Problem} if it can't be read, or does not have the figures of all parts
 */
function figuresIn(file) {
  try {
    const figures = JSON.parse(readFileSync(file, "utf8"));
    const missing = ["limits", ...PARTS].find((part) => !(part in figures));
    if (missing) throw new Error(`${file} has no ${missing}; expected the figures of all parts`);
    return figures;
  } catch (error) {
    throw new Problem(`bench: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * This project's own contestants, and its random numbers, as JavaScript.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {string} outdir
 */
async function buildOurs({ root }, outdir) {
  await build({
    entryPoints: {
      step: join(root, "test/bench/ours/step.ts"),
      functions: join(root, "test/bench/ours/functions.ts"),
      limit: join(root, "test/bench/ours/limit.ts"),
      random: join(root, "src/random.ts"),
    },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    // Before anything of it is loaded: WebAssembly is gone, and the product is chosen without it.
    banner: { js: 'if (process.argv.includes("--plain")) delete globalThis.WebAssembly;' },
  });
}
