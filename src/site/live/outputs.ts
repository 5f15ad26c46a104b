/// <reference lib="dom" />
/** What a running cell puts out, below it in the page. */
import type { Publish } from "../../kernel/core/protocol";
import type { Output } from "../executed-notebook";
import { watchCharts } from "./charts";
import { loaded } from "./loaded";
import { reachable } from "./reachable";
import type { ShowOutput } from "./shown";

/** After the last of several updates of a chart, this long until it is drawn anew, in ms. Until then its image is shown. */
const STILL = 250;

/** The most letters that one cell may print: a loop that prints would freeze the page. */
const MOST_PRINTED = 200_000;

/** The outputs of one run of a cell. */
export class Outputs {
  readonly #section: HTMLElement;
  /** In nbformat, for the notebook that is downloaded. */
  readonly list: Output[] = [];
  readonly #displays = new Map<string, { place: HTMLElement; at: number }>();
  #stream: { name: string; place: HTMLElement; output: { text: string } } | undefined;
  #clearNext = false;
  #printed = 0;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #show: ShowOutput | undefined;

  /** @param section the cell's; what it showed before goes away */
  constructor(section: HTMLElement) {
    this.#section = section;
    for (const before of section.querySelectorAll(":scope > .output")) before.remove();
  }

  /** Loads what shows outputs. To be awaited before the first of them comes. */
  async prepare(): Promise<void> {
    this.#show = await loaded<ShowOutput>("shown.js", "showOutput");
  }

  /** Takes a message of the kernel's. */
  take({ msgType, content }: Publish): void {
    if (msgType === "clear_output") {
      this.#clearNext = true;
      if (!content.wait) this.#clear();
      return;
    }
    const id = (content.transient as { display_id?: string } | undefined)?.display_id;
    if (msgType === "update_display_data") {
      const display = id === undefined ? undefined : this.#displays.get(id);
      if (display) this.#fill(display.place, display.at, { output_type: "display_data", data: content.data as never });
      return;
    }
    if (this.#clearNext) this.#clear();
    if (msgType === "stream") this.#print(content.name as "stdout" | "stderr", String(content.text));
    else if (msgType === "error") this.#add({ output_type: "error", ...(content as never as object) } as Output);
    else if (msgType === "display_data" || msgType === "execute_result") {
      const place = this.#add({ output_type: msgType, data: content.data as never });
      if (id !== undefined) this.#displays.set(id, { place, at: this.list.length - 1 });
    }
  }

  /** What was put out, in a few words, for those who listen. */
  get words(): string {
    const texts = this.list.map((output) =>
      "data" in output
        ? String(output.data["text/plain"] ?? "")
        : "evalue" in output
          ? output.evalue
          : String(output.text),
    );
    return (texts.find((text) => /[✓✗]/.test(text)) ?? texts.at(-1) ?? "").split("\n")[0].slice(0, 200);
  }

  #print(name: "stdout" | "stderr", text: string): void {
    this.#printed += text.length;
    if (this.#printed > MOST_PRINTED) {
      if (this.#printed - text.length <= MOST_PRINTED) {
        this.#add({ output_type: "stream", name: "stderr", text: "… and more, which is not shown\n" });
      }
      return;
    }
    if (this.#stream?.name !== name) {
      const output = { output_type: "stream" as const, name, text };
      this.#stream = { name, place: this.#add(output), output };
      return;
    }
    this.#stream.output.text += text;
    this.#fill(this.#stream.place, this.list.length - 1, {
      output_type: "stream",
      name,
      text: this.#stream.output.text,
    });
  }

  #add(output: Output): HTMLElement {
    this.#stream = undefined;
    const place = document.createElement("div");
    place.className = "output";
    this.#section.append(place);
    this.list.push(output);
    this.#fill(place, this.list.length - 1, output);
    return place;
  }

  #fill(place: HTMLElement, at: number, output: Output): void {
    this.list[at] = output;
    place.innerHTML = this.#show?.(output) ?? "";
    reachable(this.#section);
    if (!place.querySelector("figure.chart")) return;
    clearTimeout(this.#drawing);
    this.#drawing = setTimeout(() => watchCharts(this.#section), STILL);
  }

  #clear(): void {
    this.#clearNext = false;
    this.list.length = 0;
    this.#stream = undefined;
    this.#displays.clear();
    for (const before of this.#section.querySelectorAll(":scope > .output")) before.remove();
  }
}
