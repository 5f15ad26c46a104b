import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { pythonIn } from "./install.mjs";
import { nodes } from "./nodes.mjs";

/**
 * Someone who takes training steps.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {"float64" | "float32"} precision
 * @property {number} threads
 * @property {readonly string[]} command
 * @property {NodeJS.ProcessEnv} env
 */

/** How this project is called. */
export const US = "this project";

/**
 * How this project is called on a Node that is not the newest.
 *
 * @param {import("./nodes.mjs").Node} node
 */
export function usOn({ version }) {
  return `${US}, Node ${Number.parseInt(version, 10)}`;
}

/**
 * This project, and everyone who is installed. JavaScript runs on the newest Node, this project also on the others.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {{ peers: boolean }} options
 * @returns {Contestant[]}
 */
export function contestants(project, { peers }) {
  const bench = join(project.root, "test", "bench");
  const built = join(project.build, "bench");
  const [newest, ...older] = nodes(project.root, { peers });
  const node = (/** @type {string} */ name, /** @type {string[]} */ ...command) => ({
    ...{ name, precision: /** @type {const} */ ("float64"), threads: 1 },
    env: /** @type {NodeJS.ProcessEnv} */ ({ ...process.env, BACKPROP_THREADS: "1" }),
    command: [newest.executable, ...command],
  });
  const alone = node(US, join(built, "step.mjs"));
  const two = { threads: 2, env: { ...process.env, BACKPROP_THREADS: "2" } };
  const ours = [
    alone,
    { ...alone, ...two },
    ...older.flatMap((other) => {
      const there = { ...alone, name: usOn(other), command: [other.executable, ...alone.command.slice(1)] };
      return [there, { ...there, ...two }];
    }),
    node("this project, the functions in a loop", join(built, "functions.mjs")),
    node("this project, the functions in a scope", join(built, "functions.mjs"), "--scope"),
    node("this project, plain loops", join(built, "step.mjs"), "--plain"),
  ];
  if (!peers) return ours;
  const found = [
    { ...node("tfjs wasm", join(bench, "peers", "tfjs.mjs")), precision: /** @type {const} */ ("float32") },
    { ...node("jax-js wasm", join(bench, "peers", "jax-js.mjs")), precision: /** @type {const} */ ("float32") },
    node("ml-matrix", join(bench, "peers", "ml-matrix.mjs")),
  ];
  const venv = join(bench, ".venv");
  const python = pythonIn(venv);
  for (const [name, module, script] of [
    ["NumPy", "numpy", "numpy_step.py"],
    ["PyTorch", "torch", "torch_step.py"],
  ]) {
    if (spawnSync(python, ["-c", `import ${module}`]).status !== 0) continue;
    for (const precision of /** @type {const} */ (["float64", "float32"])) {
      for (const threads of [1, 2]) {
        const command = [python, join(bench, "peers", script), precision, String(threads)];
        const env = threadsEnvironment(pythonEnvironment({ ...project, venv, python }), threads);
        found.push({ name, precision, threads, command, env });
      }
    }
  }
  return [...ours, ...found];
}

/**
 * The libraries take so many threads, and the code that they choose for this processor themselves. And the C library keeps the memory that
 * they give back, as this project does: else half of NumPy's time is the system's, which fetches the same pages again in every step.
 *
 * @param {NodeJS.ProcessEnv} outer
 * @param {number} threads
 * @returns {NodeJS.ProcessEnv}
 */
function threadsEnvironment({ OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...env }, threads) {
  const kept = { MALLOC_MMAP_THRESHOLD_: String(2 ** 25), MALLOC_TRIM_THRESHOLD_: String(2 ** 30) };
  return { ...env, ...kept, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
}

/**
 * How a contestant is called in tables.
 *
 * @param {Pick<Contestant, "name" | "precision" | "threads">} contestant
 */
export function label({ name, precision, threads }) {
  return `${name}, ${precision}${onThreads({ threads })}`;
}

/**
 * What a name is followed by if it is more than one thread.
 *
 * @param {Pick<Contestant, "threads">} contestant
 */
export function onThreads({ threads }) {
  return threads > 1 ? `, ${threads} threads` : "";
}
