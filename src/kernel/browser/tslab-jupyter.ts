/** In place of tslab's own module of this name, whose sockets a browser doesn't have: where its display functions write. */
import type { DisplayWriter } from "../node/tslab";

/** tslab reads it when something is displayed. */
export let lastWriteDisplayData: DisplayWriter | null = null;

/** From now on, `writer` gets what `tslab.display` shows. */
export function displayWith(writer: DisplayWriter): void {
  lastWriteDisplayData = writer;
}
