import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { converse } from "./conversation.mjs";
import { rotated } from "./statistics.mjs";

/**
 * A kernel, start after start.
 *
 * @typedef {object} KernelTimes
 * @property {string} name
 * @property {number[]} ready
 * @property {number[]} firstResult
 * @property {number[]} cell
 * @property {number[]} bytes
 * @property {number[]} [idleBytes]
 * @property {(number | null)[]} [idleShare]
 * @property {(number | null)[]} [import]
 * @property {(number | null)[]} [importedBytes]
 * @property {(number | null)[]} [importedIdleBytes]
 * @property {(number | null)[]} [early]
 * @property {(number | null)[]} [late]
 */

const FIGURES = /** @type {const} */ ([
  "ready",
  "firstResult",
  "cell",
  "bytes",
  "idleBytes",
  "idleShare",
  "import",
  "importedBytes",
  "importedIdleBytes",
  "early",
  "late",
]);

/** A small cell; # is its number. */
const TYPESCRIPT = "const value# = # + 1;\nvalue#";

/** A cell that uses the last one, whose number is %. */
const CHAIN = "const v_# = v_% + 1;\nv_#";

/** What notebooks begin with. */
const IMPORT = 'import { gradW2, Matrix, matrixHeatMap, train, verify } from "./src";';

/**
 * Starts kernels in turn. `ready` is the time from the start of the process to the reply that it is there, `firstResult` to the
 * end of the first cell, both in seconds; `cell` is the median time of the small cells that follow, in milliseconds. `bytes` is the
 * resident memory after these cells, `idleBytes` some seconds later, and `idleShare` is that again with what several processes
 * share, Node.js itself for one, divided among them (null where the operating system doesn't tell). `import` is the time in
 * seconds of a cell that then imports the project's source, `importedBytes` the resident memory after it, and
 * `importedIdleBytes` again some seconds later (null for kernels that can't import it). In the last round a session goes on to
 * its 2,000th cell, each of which uses the last: `early` and `late` are milliseconds of the processor for one of the cells about
 * the 30th, and about the 2,000th (null where that would take minutes).
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {{ rounds: number, say: (line: string) => void }} options
 * @returns {Promise<KernelTimes[]>}
 */
export async function measureKernels(project, { rounds, say }) {
  say(`Kernels: ${rounds} starts each`);
  const kernels = [
    { name: "this project's kernel", spec: "tslab", cells: TYPESCRIPT, chain: CHAIN, imports: IMPORT },
    { name: "stock tslab", spec: stockTslab(project), cells: TYPESCRIPT, chain: null, imports: null },
    {
      name: "ipykernel",
      spec: "python3",
      cells: "value_# = # + 1\nvalue_#",
      chain: "v_# = v_% + 1\nv_#",
      imports: null,
    },
    ...denoKernel(project).map((spec) => ({ name: "Deno", spec, cells: TYPESCRIPT, chain: CHAIN, imports: null })),
  ];
  const script = join(project.root, "test", "bench", "kernel_times.py");
  const specs = join(project.build, "bench", "specs");
  const env = { ...pythonEnvironment(project), JUPYTER_PATH: specs };
  const conversation = converse("kernel_times.py", [project.python, script], env);
  /** @type {Required<KernelTimes>[]} */
  const results = kernels.map(({ name }) => ({
    name,
    ready: [],
    firstResult: [],
    cell: [],
    bytes: [],
    idleBytes: [],
    idleShare: [],
    import: [],
    importedBytes: [],
    importedIdleBytes: [],
    early: [],
    late: [],
  }));
  try {
    // Round −1 is there to warm up the disk's cache.
    for (let round = -1; round < rounds; round++) {
      for (const { name, spec, cells, chain, imports } of rotated(kernels, Math.max(round, 0))) {
        const long = round === rounds - 1 ? chain : null;
        const options = { chain: long, imports, folder: project.root, idle: round >= 0 };
        const answer = await conversation.ask({ spec, cells, ...options });
        const times = results.find((result) => result.name === name);
        if (round < 0 || !times) continue;
        for (const key of FIGURES) times[key].push(answer[key]);
      }
    }
    return results;
  } finally {
    conversation.end();
  }
}

/**
 * A kernelspec of Deno, if it could be installed for this machine.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {string[]} its name, or nothing
 */
function denoKernel({ root, build }) {
  const packages = join(root, "test", "bench", "node_modules", "@deno");
  const [own] = existsSync(packages) ? readdirSync(packages) : [];
  if (own === undefined) return [];
  const deno = join(packages, own, process.platform === "win32" ? "deno.exe" : "deno");
  return [kernelspec(build, "deno", [deno, "jupyter", "--kernel", "--conn", "{connection_file}"])];
}

/**
 * A kernelspec of tslab as it is installed.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 */
function stockTslab({ nodeModules, build }) {
  const argv = [
    process.execPath,
    join(nodeModules, "tslab", "bin", "tslab"),
    "kernel",
    "--config-path={connection_file}",
  ];
  return kernelspec(build, "stock-tslab", argv);
}

/**
 * Writes a kernelspec.
 *
 * @param {string} build
 * @param {string} name
 * @param {string[]} argv
 */
function kernelspec(build, name, argv) {
  const folder = join(build, "bench", "specs", "kernels", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv, display_name: name, language: "typescript" }));
  return name;
}

/**
 * Runs every tutorial notebook from top to bottom, and writes nothing.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {{ rounds: number, say: (line: string) => void }} options
 * @returns {Promise<{ name: string, seconds: number[] }[]>}
 */
export async function measureNotebooks(project, { rounds, say }) {
  say(`The notebooks, from top to bottom: ${rounds} rounds`);
  const script = join(project.root, "test", "bench", "notebook_times.py");
  const conversation = converse("notebook_times.py", [project.python, script], pythonEnvironment(project));
  /** @type {{ name: string, seconds: number[] }[]} */
  const results = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const { notebooks } = await conversation.ask({ folder: join(project.root, "notebooks") });
      for (const { name, seconds } of notebooks) {
        const known = results.find((result) => result.name === name);
        if (known) known.seconds.push(seconds);
        else results.push({ name, seconds: [seconds] });
      }
    }
    return results;
  } finally {
    conversation.end();
  }
}
