/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** A code cell of a page, which can be changed and run. */
import type { KernelClient } from "../../kernel/browser/kernel-client";
import type { Publish } from "../../kernel/core/protocol";
import type { Output } from "../executed-notebook";
import type { CreateEditor, Editor } from "./editor";
import type { Edit } from "./kept";
import { loaded } from "./loaded";
import { Outputs } from "./outputs";

/** What a cell asks of its page. */
interface Page {
  readonly kernel: KernelClient;
  run(cell: LiveCell): Promise<void>;
  runAbove(cell: LiveCell): Promise<void>;
  keepEdit(cell: LiveCell, text: string | undefined): void;
  say(words: string): void;
}

/** A cell. */
export class LiveCell {
  readonly id: string;
  /** The book's text. */
  readonly base: string;
  readonly #section: HTMLElement;
  readonly #code: HTMLElement;
  readonly #page: Page;
  readonly #reset: HTMLButtonElement;
  /** The id of the request that ran it last: its outputs refer to it, also those that come late. */
  request: string | undefined;
  #text: string;
  #editor: Editor | undefined;
  #outputs: Outputs | undefined;
  /** The text that the kernel has run. */
  #ran: string | undefined;

  /** @param number counts the page's code cells from 1 */
  constructor(
    section: HTMLElement,
    readonly number: number,
    page: Page,
  ) {
    this.#section = section;
    this.#page = page;
    this.id = section.id.replace(/^cell-id=/, "");
    this.#code = section.querySelector<HTMLElement>(".input pre")!;
    this.base = this.#code.textContent ?? "";
    this.#text = this.base;
    const bar = document.createElement("div");
    bar.className = "cell-bar";
    const button = (words: string, label: string, action: () => void) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = words;
      made.setAttribute("aria-label", `${label} cell ${number}`);
      made.addEventListener("click", action);
      bar.append(made);
      return made;
    };
    button("Run", "Run", () => page.run(this));
    button("Run all above", "Run all above and", () => page.runAbove(this));
    button("Edit", "Edit", () => this.#edit());
    this.#reset = button("Reset", "Reset", () => this.reset());
    this.#reset.hidden = true;
    section.querySelector(".input")?.append(bar);
    this.#code.addEventListener("click", () => {
      if (getSelection()?.isCollapsed !== false) this.#edit();
    });
  }

  get text(): string {
    return this.#text;
  }

  get isEdited(): boolean {
    return this.#text !== this.base;
  }

  /** Whether the kernel has run it as it is. */
  get isCurrent(): boolean {
    return this.#ran === this.#text;
  }

  /** What it put out when it was last run, in a few words. */
  get words(): string {
    return this.#outputs?.words ?? "";
  }

  /** What it has put out on this page; nothing if it was not run. */
  get outputs(): readonly Output[] | undefined {
    return this.#outputs?.list;
  }

  /** Takes up what was kept. */
  restore({ source, base }: Edit): void {
    this.#set(source);
    if (base !== this.base) {
      const note = document.createElement("p");
      note.className = "live-note";
      note.textContent =
        "The book's text of this cell has changed since you changed it. Yours is kept; Reset shows the book's.";
      this.#section.querySelector(".input")?.append(note);
    }
  }

  /** The book's text again. */
  reset(): void {
    this.#set(this.base);
    this.#editor?.setText(this.base);
    this.#section.querySelector(".live-note")?.remove();
    this.#page.keepEdit(this, undefined);
    this.#page.say(`Cell ${this.number} is the book's again.`);
  }

  wait(): void {
    this.#section.dataset.state = "waiting";
  }

  leaveOut(): void {
    delete this.#section.dataset.state;
  }

  failed(): void {
    this.#section.dataset.state = "failed";
  }

  /** The kernel is another one. */
  forget(): void {
    this.#ran = undefined;
    if (this.#section.dataset.state !== "waiting") delete this.#section.dataset.state;
  }

  /** Runs it. Returns the reply's status. */
  async execute(kernel: KernelClient): Promise<string> {
    const outputs = new Outputs(this.#section);
    this.#outputs = outputs;
    await outputs.prepare();
    this.#section.dataset.state = "running";
    const code = this.#text;
    const header = kernel.header("execute_request");
    this.request = header.msg_id;
    const reply = await kernel.request("execute_request", { code }, header);
    const status = String(reply?.content.status);
    this.#ran = code;
    this.#section.dataset.state = status === "ok" ? "done" : "failed";
    return status;
  }

  take(message: Publish): void {
    this.#outputs?.take(message);
  }

  #set(text: string): void {
    this.#text = text;
    const code = this.#code.querySelector("code");
    if (code && !this.#editor) code.textContent = text;
    this.#reset.hidden = !this.isEdited;
  }

  async #edit(): Promise<void> {
    if (!this.#editor) {
      const create = await loaded<CreateEditor>("editor.js", "createEditor").catch((error: Error) => {
        this.#page.say(error.message);
      });
      if (!create || this.#editor) return;
      const pre = this.#code;
      this.#editor = create({
        text: this.#text,
        label: `Code of cell ${this.number}`,
        changed: (text) => {
          this.#set(text);
          this.#page.keepEdit(this, this.isEdited ? text : undefined);
        },
        run: () => this.#page.run(this),
        leave: () => this.#section.querySelector<HTMLElement>(".cell-bar button")?.focus(),
        complete: (text, position) => this.#complete(text, position),
      });
      pre.replaceWith(this.#editor.element);
    }
    this.#editor.focus();
  }

  async #complete(code: string, position: number): Promise<{ from: number; names: string[] } | undefined> {
    const { kernel } = this.#page;
    if (!kernel.isStarted) return undefined;
    const cursor_pos = [...code.slice(0, position)].length;
    const reply = await kernel.request("complete_request", { code, cursor_pos });
    if (!reply) return undefined;
    const { matches, cursor_start } = reply.content as { matches: string[]; cursor_start: number };
    return { from: [...code].slice(0, cursor_start).join("").length, names: matches };
  }
}
