/**
 * The kernel: entry point of `main.cjs`.
 *
 *     node main.cjs --connection-file FILE
 *     node main.cjs --build-code-cache
 *
 * It works at the project's root, wherever a notebook is: `./src` and `./data` mean the same in all of them. The project
 * is the copy that the notebook is in, or else the kernel's own.
 *
 * The kernel is made of classes that use what tslab exports (its converter, its executor, its handler), instead of a
 * patch to tslab's files: a patch could be of any size, and would have to be understood together with all of tslab; the
 * classes say in one place each what they change. Only tslab's `ZmqServer` is left out. It serves all five sockets on the
 * thread that runs the learner's code, where a loop would silence them; `switchboard.ts` takes its place.
 */
import { writeFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { kernelInfo } from "./kernel-info";
import { projectRoot } from "./project-root";
import { KERNEL, RunState, type SwitchboardData } from "./protocol";
import { readConnection } from "./wire";

/** The kernel is in `.build/kernel/` of its project. */
const ROOT = dirname(dirname(__dirname));

/** Node's own: a cell's is refused. */
const { exit } = process;

function fail(message: string): never {
  writeSync(2, `${message}\n`);
  return exit.call(process, 1);
}

function startSwitchboard(connectionFile: string, state: RunState): Worker {
  const workerData: SwitchboardData = { connectionFile, shared: state.shared, kernelInfo: kernelInfo() };
  const worker = new Worker(join(__dirname, "switchboard.cjs"), { workerData });
  worker.on("error", (error) => fail(error.message));
  return worker;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "connection-file": { type: "string" }, "build-code-cache": { type: "boolean" } },
  });
  if (values["build-code-cache"]) {
    process.chdir(ROOT);
    const { CODE_CACHE, codeCache, COMPILED_MODULES } = await import("./typescript");
    const { compileModules, trialRun } = await import("./kernel");
    await trialRun(ROOT);
    writeFileSync(CODE_CACHE, codeCache());
    writeFileSync(COMPILED_MODULES, JSON.stringify(compileModules(ROOT)));
    return;
  }
  if (!values["connection-file"]) {
    fail("The kernel is started by Jupyter, with --connection-file FILE; to open the notebooks: npm run lab");
  }
  const connectionFile = resolve(values["connection-file"]);
  readConnection(connectionFile);
  const root = projectRoot(ROOT, process.cwd());
  process.env.NOTEBOOK_FOLDER = process.cwd(); // a learner's own tables are looked for there, too
  process.chdir(root);
  const state = new RunState();
  state.phase = KERNEL;
  const worker = startSwitchboard(connectionFile, state);
  const { Kernel } = await import("./kernel");
  new Kernel(root, worker, state).start();
}

main().catch((error: Error) => fail(error.message));
