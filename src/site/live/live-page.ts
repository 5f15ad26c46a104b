/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** A page whose cells can be changed and run. */
import { KernelClient } from "../../kernel/browser/kernel-client";
import { download } from "./download";
import { filesKept, isKept, type KeptNotebook, keepFile, keepNotebook, notebookKept } from "./kept";
import { LiveCell } from "./live-cell";

/** What one can't do on a page that was opened as a file. */
const AS_A_FILE =
  "This page was opened as a file, and browsers start no kernel for files. It can be read; to run its cells, open the book through a web server.";

/** The page of a notebook. */
export class LivePage {
  readonly #name: string;
  readonly #kept: KeptNotebook;
  readonly #cells: LiveCell[];
  readonly #status = document.createElement("p");
  readonly kernel: KernelClient;
  #running: LiveCell | undefined;
  /** Whatever waits in a queue is left out after a stop. */
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param name the notebook's, without its ending */
  constructor(name: string) {
    this.#name = name;
    this.#kept = notebookKept(name);
    this.kernel = new KernelClient({
      base: new URL("kernel/", location.href).href,
      folder: "/book/notebooks",
      files: filesKept,
      wrote: keepFile,
      published: (message) => this.#cells.find(({ request }) => request === message.parent?.msg_id)?.take(message),
    });
    const sections = [...document.querySelectorAll<HTMLElement>("section.code:not(:has(> .input:empty))")];
    this.#cells = sections.map((section, k) => new LiveCell(section, k + 1, this));
    this.#addBar();
    for (const cell of this.#cells) {
      const edit = this.#kept.edits[cell.id];
      if (edit) cell.restore(edit);
    }
  }

  /** Runs a cell, after those above it that the kernel hasn't run yet: it may need what they declare. */
  run(cell: LiveCell): Promise<void> {
    const above = this.#cells.slice(0, this.#cells.indexOf(cell)).filter((one) => !one.isCurrent);
    return this.#runAll([...above, cell]);
  }

  /** Runs all cells above one, and the cell itself. */
  runAbove(cell: LiveCell): Promise<void> {
    return this.#runAll(this.#cells.slice(0, this.#cells.indexOf(cell) + 1));
  }

  /** Keeps what the learner has made of a cell; nothing if it is the book's again. */
  keepEdit(cell: LiveCell, text: string | undefined): void {
    if (text === undefined) delete this.#kept.edits[cell.id];
    else this.#kept.edits[cell.id] = { source: text, base: cell.base };
    this.#keep();
  }

  /** Says something to everybody, also to those who listen. */
  say(words: string): void {
    this.#status.textContent = words;
  }

  #keep(): void {
    keepNotebook(this.#name, this.#kept);
    if (!isKept())
      this.say("This browser does not let the page keep anything: download your notebook before you leave.");
  }

  #runAll(cells: readonly LiveCell[]): Promise<void> {
    const turn = this.#turn;
    for (const cell of cells) cell.wait();
    const done = this.#queue.then(async () => {
      for (const cell of cells) {
        if (turn !== this.#turn) cell.leaveOut();
        else await this.#runOne(cell);
      }
    });
    this.#queue = done;
    return done;
  }

  async #runOne(cell: LiveCell): Promise<void> {
    try {
      if (location.protocol === "file:") throw new Error(AS_A_FILE);
      if (!this.kernel.isStarted) {
        this.say("The kernel starts …");
        await this.kernel.start();
      }
      this.#running = cell;
      this.say(`Cell ${cell.number} runs …`);
      const status = await cell.execute(this.kernel);
      if (status === "ok") this.#kept.done[cell.id] = true;
      else delete this.#kept.done[cell.id];
      this.say(`Cell ${cell.number}: ${cell.words || (status === "ok" ? "done" : "failed")}`);
      this.#keep();
    } catch (error) {
      cell.failed();
      this.#turn++;
      this.say(location.protocol === "file:" ? AS_A_FILE : `The kernel can't start: ${(error as Error).message}`);
    } finally {
      this.#running = undefined;
    }
  }

  async #stop(): Promise<void> {
    this.#turn++;
    if (!this.#running) return this.say("Nothing is running.");
    const { anew } = await this.kernel.interrupt();
    if (!anew) return;
    for (const cell of this.#cells) cell.forget();
    const why = this.kernel.stopsGently
      ? "the loop was not in a cell"
      : "this page is not served over HTTPS, where loops can be stopped gently";
    this.say(`Stopped by ending the kernel, since ${why}. It begins anew: run the cells above again.`);
  }

  #restart(): void {
    this.#turn++;
    this.kernel.restart();
    for (const cell of this.#cells) cell.forget();
    this.say("The kernel begins anew with the next cell that is run.");
  }

  #reset(): void {
    const edited = this.#cells.filter((cell) => cell.isEdited);
    if (edited.length > 0 && !confirm(`Set ${edited.length} changed cells back to the book's text?`)) return;
    for (const cell of edited) cell.reset();
    this.#restart();
    this.say("All cells are the book's again.");
  }

  #addBar(): void {
    const bar = document.createElement("div");
    bar.className = "live-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Run this page");
    const button = (words: string, action: () => void) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = words;
      made.addEventListener("click", action);
      bar.append(made);
    };
    button("Run all", () => this.#runAll(this.#cells));
    button("Stop", () => this.#stop());
    button("Restart", () => this.#restart());
    button("Reset", () => this.#reset());
    button("Download", () =>
      download(this.#name, this.#cells).catch((error: Error) =>
        this.say(`The notebook can't be downloaded: ${error.message}`),
      ),
    );
    this.#status.className = "live-status";
    this.#status.setAttribute("role", "status");
    this.#status.setAttribute("aria-live", "polite");
    bar.append(this.#status);
    document.querySelector("main")?.prepend(bar);
  }
}
