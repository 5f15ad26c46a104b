/** Puts the kernel's parts together. */
import { CellCompiler } from "../compiler/compiler";
import { complete } from "../compiler/inquiries";
import { Cell, Cells, Interrupted } from "./cell";
import { compiledModules } from "./compiled-modules";
import { Handler } from "./handler";
import type { KernelHost } from "./host";
import { LateErrors } from "./late-errors";
import { Listing } from "./listing";
import { ProjectModules } from "./modules";
import { Output } from "./output";
import type { Project } from "./project";
import { type FromKernel, IDLE, KERNEL, type Request, type ToKernel } from "./protocol";
import { CellRunner } from "./runner";
import { Reporter } from "./traceback";

/** A kernel: it answers requests, and its host runs it. */
export class Kernel {
  readonly #host: KernelHost;
  readonly #handler: Handler;
  readonly #lateErrors: LateErrors;
  readonly #compiler: CellCompiler;
  readonly #output: Output;
  /** Which cell the code at work belongs to. */
  readonly cells: Cells;

  /** @param project the host's files, as the compiler shall see them */
  constructor(host: KernelHost, project: Project) {
    this.#host = host;
    const listing = new Listing(host);
    listing.install();
    const reporter = new Reporter(listing, host.inspect);
    this.cells = new Cells(
      host.guard,
      (cell, error) => this.#lateErrors.failed(cell, error),
      () => host.post({ type: "signalled" }),
    );
    this.#output = new Output(host, this.cells);
    this.#lateErrors = new LateErrors(host, this.cells, this.#output, reporter);
    const { runner, compiler } = assembled(host, project, listing, this.cells, this.#output);
    this.#compiler = compiler;
    this.#handler = new Handler(runner, compiler, this.cells, this.#output, this.#lateErrors, reporter);
  }

  /** Is ready to answer, and has warmed the compiler up while the learner is still reading. */
  start(): void {
    this.#output.install();
    this.#host.install(this.cells, this.#output);
    this.#lateErrors.install();
    this.#compiler.compile("");
    this.#host.idle();
    this.#host.state.phase = IDLE;
  }

  /** Takes a message of the host's. */
  handle(message: ToKernel): void {
    switch (message.type) {
      case "request":
        this.#answer(message);
        break;
      case "interrupt":
        this.cells.running?.stop();
        this.#host.state.interruptWanted = false;
        break;
      case "interrupted":
        this.cells.running?.fail(new Interrupted());
    }
  }

  async #answer(request: Request): Promise<void> {
    const { state } = this.#host;
    let answer: FromKernel = { type: "done" };
    this.#host.busy();
    state.phase = KERNEL;
    try {
      const reply = await this.#handler.answer(request);
      answer = reply ? { type: "reply", ...reply } : answer;
    } catch (error) {
      const { name, message, stack = "" } = error as Error;
      const content = { status: "error", ename: name, evalue: message, traceback: stack.split("\n") };
      const msgType = request.header.msg_type.replace(/request$/, "reply");
      answer = { type: "reply", msgType, content, abortQueued: false };
    }
    this.#host.post(answer);
    this.#host.idle();
    state.phase = IDLE;
  }
}

function assembled(
  host: KernelHost,
  project: Project,
  listing: Listing,
  cells: Cells,
  output: Pick<Output, "print">,
): { runner: CellRunner; compiler: CellCompiler } {
  const compiler = new CellCompiler(project, { checksLoops: host.guard.check !== undefined });
  const modules = new ProjectModules(host, project, compiler, listing);
  return { compiler, runner: new CellRunner({ host, project, compiler, modules, listing, cells, output }) };
}

/**
 * Runs a cell as a kernel does, so that the host has compiled what every kernel needs.
 *
 * @returns what compiles the project's modules
 */
export async function trialRun(host: KernelHost, project: Project): Promise<() => string> {
  const cells = new Cells(
    host.guard,
    () => {},
    () => {},
  );
  const { runner, compiler } = assembled(host, project, new Listing(host), cells, { print() {} });
  await runner.run(trialCell(), "const squares = [1, 2, 3].map((x) => x ** 2);\nsquares");
  complete(compiler, "squares.ma", 10);
  return () => compiledModules(compiler, host.files, host.root);
}

function trialCell(): Cell {
  return new Cell({ msg_id: "", msg_type: "", session: "", username: "", date: "", version: "" }, 1, true, false);
}
