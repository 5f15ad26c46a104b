/** The main thread: the kernel behind the switchboard. */
import type { MessagePort, Worker } from "node:worker_threads";
import { Kernel, trialRun } from "../core/kernel";
import { withSlashes } from "./disk";
import { Input } from "./input";
import { NodeHost } from "./node-host";
import { NodeProject } from "./node-project";
import { RunState, type ToMain, type ToSwitchboard } from "./protocol";

/**
 * Begins to answer.
 *
 * @param root the project's folder
 * @param folder the notebook's
 * @param worker the switchboard
 * @param answers where it puts what the learner answers
 */
export function startKernel(root: string, folder: string, worker: Worker, answers: MessagePort, state: RunState): void {
  const { exit } = process;
  const post = (message: ToSwitchboard) => worker.postMessage(message);
  const [project, notebooks] = [withSlashes(root), withSlashes(folder)];
  const kernel = new Kernel(new NodeHost(project, notebooks, state, post), new NodeProject(project, notebooks));
  worker.on("message", (message: ToMain) => {
    if (message.type === "shutdown") exit.call(process, 0);
    else kernel.handle(message);
  });
  new Input(post, answers, kernel.cells, state).install();
  forbidExit();
  kernel.start();
}

/** `process.exit()` in a cell would take the kernel, and all of the learner's variables, with it. */
function forbidExit(): void {
  process.exit = () => {
    throw new Error(
      "process.exit is not available in a notebook: it would end the kernel. To end it, restart the kernel.",
    );
  };
}

/**
 * Runs a cell as a kernel does, so that V8 has compiled what every kernel needs.
 *
 * @returns what compiles the project's modules
 */
export function trialRunHere(root: string): Promise<() => string> {
  const project = withSlashes(root);
  return trialRun(new NodeHost(project, project, new RunState(), () => {}), new NodeProject(project, project));
}
