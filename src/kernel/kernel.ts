/** Puts the main thread's parts together. */
import type { MessagePort, Worker } from "node:worker_threads";
import { Cell, Cells, Interrupted } from "./cell";
import { compiledModules } from "./compiled-modules";
import { CellCompiler } from "./compiler/compiler";
import { complete } from "./compiler/inquiries";
import { Handler } from "./handler";
import { Input } from "./input";
import { LateErrors } from "./late-errors";
import { Listing } from "./listing";
import { ProjectModules } from "./modules";
import { NodeHost } from "./node-host";
import { Output } from "./output";
import { IDLE, KERNEL, type Request, RunState, type ToMain, type ToSwitchboard } from "./protocol";
import { CellRunner } from "./runner";
import { SpareMemory } from "./spare-memory";
import { Reporter } from "./traceback";

/** The kernel behind the switchboard. */
export class Kernel {
  readonly #worker: Worker;
  readonly #state: RunState;
  readonly #cells: Cells;
  readonly #handler: Handler;
  readonly #lateErrors: LateErrors;
  readonly #compiler: CellCompiler;
  readonly #output: Output;
  readonly #input: Input;
  readonly #spareMemory = new SpareMemory();
  readonly #exit = process.exit;

  /**
   * @param root the project's folder
   * @param folder the notebook's
   * @param worker the switchboard
   * @param answers where it puts what the learner answers
   */
  constructor(root: string, folder: string, worker: Worker, answers: MessagePort, state: RunState) {
    this.#worker = worker;
    this.#state = state;
    const listing = new Listing(root);
    listing.install();
    const reporter = new Reporter(listing);
    this.#cells = new Cells(
      state,
      (cell, error) => this.#lateErrors.failed(cell, error),
      () => worker.postMessage({ type: "signalled" } satisfies ToSwitchboard),
    );
    this.#output = new Output(worker as never, this.#cells, state);
    this.#input = new Input((message) => worker.postMessage(message), answers, this.#cells, state);
    this.#lateErrors = new LateErrors(this.#cells, this.#output, reporter);
    const { runner, compiler } = assembled(root, folder, listing, this.#cells, this.#output, state);
    this.#compiler = compiler;
    this.#handler = new Handler(runner, compiler, this.#cells, this.#output, this.#lateErrors, reporter);
  }

  /** Begins to answer, and warms the compiler up while the learner is still reading. */
  start(): void {
    this.#worker.on("message", (message: ToMain) => this.#handle(message));
    this.#output.install();
    this.#input.install();
    this.#lateErrors.install();
    this.#cells.install();
    forbidExit();
    this.#compiler.compile("");
    this.#spareMemory.idle();
    this.#state.phase = IDLE;
  }

  #handle(message: ToMain): void {
    switch (message.type) {
      case "request":
        this.#answer(message);
        break;
      case "interrupt":
        this.#cells.running?.stop();
        this.#state.interruptWanted = false;
        break;
      case "interrupted":
        this.#cells.running?.fail(new Interrupted());
        break;
      case "shutdown":
        this.#exit(0);
    }
  }

  async #answer(request: Request): Promise<void> {
    let answer: ToSwitchboard = { type: "done" };
    this.#spareMemory.busy();
    this.#state.phase = KERNEL;
    try {
      const reply = await this.#handler.answer(request);
      answer = reply ? { type: "reply", ...reply } : answer;
    } catch (error) {
      const { name, message, stack = "" } = error as Error;
      const content = { status: "error", ename: name, evalue: message, traceback: stack.split("\n") };
      const msgType = request.header.msg_type.replace(/request$/, "reply");
      answer = { type: "reply", msgType, content, abortQueued: false };
    }
    this.#worker.postMessage(answer);
    this.#spareMemory.idle();
    this.#state.phase = IDLE;
  }
}

/** `process.exit()` in a cell would take the kernel, and all of the learner's variables, with it. */
function forbidExit(): void {
  process.exit = () => {
    throw new Error(
      "process.exit is not available in a notebook: it would end the kernel. To end it, restart the kernel.",
    );
  };
}

function assembled(
  root: string,
  folder: string,
  listing: Listing,
  cells: Cells,
  output: Pick<Output, "print">,
  state: RunState,
): { runner: CellRunner; compiler: CellCompiler } {
  const host = new NodeHost(root, folder);
  const compiler = new CellCompiler(host);
  const modules = new ProjectModules(root, folder, host, compiler, listing);
  return { compiler, runner: new CellRunner({ host, compiler, modules, listing, cells, output, state, root }) };
}

/**
 * Runs a cell as a kernel does, so that V8 has compiled what every kernel needs.
 *
 * @returns what compiles the project's modules
 */
export async function trialRun(root: string): Promise<() => string> {
  const state = new RunState();
  const cells = new Cells(
    state,
    () => {},
    () => {},
  );
  const { runner, compiler } = assembled(root, root, new Listing(root), cells, { print() {} }, state);
  await runner.run(trialCell(), "const squares = [1, 2, 3].map((x) => x ** 2);\nsquares");
  complete(compiler, "squares.ma", 10);
  return () => compiledModules(compiler, root);
}

function trialCell(): Cell {
  return new Cell({ msg_id: "", msg_type: "", session: "", username: "", date: "", version: "" }, 1, true, false);
}
