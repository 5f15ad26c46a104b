/** All that we take from tslab, after its compiler was replaced by ours (see `typescript.ts`). */
import { compiler } from "./typescript";

export type { Converter, ConvertResult, Diagnostic } from "tslab/dist/converter";
export { createConverter, isCompleteCode } from "tslab/dist/converter";
export type { Executor } from "tslab/dist/executor";
export { createExecutor } from "tslab/dist/executor";
export { JupyterHandlerImpl } from "tslab/dist/jupyter";
export { compiler };

/** What `tslab.display` shows, and whether it replaces what it showed before. */
export type DisplayWriter = (data: { data: object; metadata: object; transient: object }, update: boolean) => void;

/** Has `display` of the package `tslab`, which a cell may import, write to `writer`. */
export function setDisplayWriter(writer: DisplayWriter): void {
  const jupyter: { lastWriteDisplayData: DisplayWriter } = require("tslab/dist/jupyter");
  jupyter.lastWriteDisplayData = writer;
}
