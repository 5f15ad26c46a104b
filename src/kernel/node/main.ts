/**
 * The kernel: entry point of `main.cjs`.
 *
 *     node main.cjs --connection-file FILE
 *     node main.cjs --build-code-cache
 *
 * It works at the project's root, wherever a notebook is: `./src` and `./data` mean the same in all of them. The project
 * is the copy that the notebook is in, or else the kernel's own.
 *
 * What a cell's text means is the business of `../compiler/`, and `../core/` runs what it makes of it; neither knows Node.js. The sockets belong to a thread of their own (`switchboard.ts`), since a loop in a cell would silence them.
 */
import { writeFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { KERNEL } from "../core/protocol";
import { kernelInfo } from "./kernel-info";
import { projectRoot } from "./project-root";
import { RunState, type SwitchboardData } from "./protocol";
import { readConnection } from "./wire";

/** The kernel is in `.build/kernel/` of its project. */
const ROOT = dirname(dirname(__dirname));

/** Node's own: a cell's is refused. */
const { exit } = process;

function fail(message: string): never {
  writeSync(2, `${message}\n`);
  return exit.call(process, 1);
}

function startSwitchboard(connectionFile: string, state: RunState): { worker: Worker; answers: MessagePort } {
  const { port1: answers, port2 } = new MessageChannel();
  const { shared } = state;
  const workerData: SwitchboardData = { connectionFile, shared, kernelInfo: kernelInfo(), answers: port2 };
  const worker = new Worker(join(__dirname, "switchboard.cjs"), { workerData, transferList: [port2] });
  worker.on("error", (error) => fail(error.message));
  return { worker, answers };
}

/** What the command line says. A front end may add arguments of its own, which mean nothing here. */
function commandLine(): { connectionFile: string | undefined; buildsCodeCache: boolean } {
  const options = { "connection-file": { type: "string" }, "build-code-cache": { type: "boolean" } } as const;
  const { values, tokens } = parseArgs({ options, strict: false, allowPositionals: true, tokens: true });
  const connectionFile = values["connection-file"];
  const buildsCodeCache = values["build-code-cache"] === true;
  const unknown = tokens.find((token) => token.kind === "option" && !Object.hasOwn(options, token.name));
  if (unknown?.kind === "option" && connectionFile === undefined) fail(`Unknown option '${unknown.rawName}'`);
  return { connectionFile: typeof connectionFile === "string" ? connectionFile : undefined, buildsCodeCache };
}

async function main(): Promise<void> {
  const { connectionFile: file, buildsCodeCache } = commandLine();
  if (buildsCodeCache) {
    process.chdir(ROOT);
    const { CODE_CACHE, codeCache } = await import("./typescript");
    const { COMPILED_MODULES } = await import("./node-project");
    const { trialRunHere } = await import("./main-thread");
    const modules = await trialRunHere(ROOT);
    // First, since V8 throws away what has not run for a while: the compiler's own beginning, for one.
    writeFileSync(CODE_CACHE, codeCache());
    writeFileSync(COMPILED_MODULES, modules());
    return;
  }
  if (file === undefined) {
    return fail("The kernel is started by Jupyter, with --connection-file FILE; to open the notebooks: npm run lab");
  }
  const connectionFile = resolve(file);
  readConnection(connectionFile);
  const folder = process.cwd();
  const root = projectRoot(ROOT, folder);
  process.env.NOTEBOOK_FOLDER = folder; // a learner\'s own tables are looked for there, too
  process.chdir(root);
  const state = new RunState();
  state.phase = KERNEL;
  const { worker, answers } = startSwitchboard(connectionFile, state);
  const { startKernel } = await import("./main-thread");
  startKernel(root, folder, worker, answers, state);
}

main().catch((error: Error) => fail(error.message));
