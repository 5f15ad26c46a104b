/** Output in the middle of a cell, and output that is replaced while a cell runs. */
import { inspect } from "node:util";
import { DISPLAY, type Forms } from "./present";

/** What a notebook's kernel sends to the front end; the kernel puts it there. */
const BROADCAST = Symbol.for("Jupyter.broadcast");

type MessageType = "display_data" | "update_display_data";
type Broadcast = (messageType: MessageType, content: object) => void;

/**
 * Shows a value in the middle of a cell. The last expression of a cell needs no such call.
 *
 * Outside a notebook the value's text goes to the console.
 *
 * @param value a Matrix, a Chart, a verdict, a table, a string, anything
 */
export function display(value: unknown): void {
  send("display_data", value, {});
}

/** An output that can be replaced. */
export interface LiveDisplay {
  /** Shows `value` in place of what was shown before; the first time, in a new output. */
  update(value: unknown): void;
}

/**
 * An output whose content is replaced by each `update`: for what grows while a cell runs.
 *
 * @returns the output, which is empty: nothing is shown before the first `update`
 */
export function liveDisplay(): LiveDisplay {
  // front ends keep outputs of earlier kernels, whose ids must not come again; the id is not saved with the notebook
  const transient = { display_id: globalThis.crypto.randomUUID() };
  let shown = false;
  return {
    update(value) {
      send(shown ? "update_display_data" : "display_data", value, transient);
      shown = true;
    },
  };
}

function send(messageType: MessageType, value: unknown, transient: object): void {
  const broadcast = (globalThis as { [BROADCAST]?: Broadcast })[BROADCAST];
  if (broadcast === undefined) console.log(value);
  else broadcast(messageType, { data: formsOf(value), metadata: {}, transient });
}

function formsOf(value: unknown): Forms {
  const own = (value as { [DISPLAY]?: () => Forms } | null | undefined)?.[DISPLAY]?.();
  return own ?? { "text/plain": typeof value === "string" ? value : inspect(value) };
}
