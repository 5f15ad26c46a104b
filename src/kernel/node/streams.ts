/** What is printed or displayed in this process becomes a cell's output. */
import { Console } from "node:console";
import { Writable } from "node:stream";
import ts from "typescript";
import type { Output } from "../core/output";
import { installTslab } from "./tslab";

/** Node's own: not one that a cell's callback is told apart by. */
const { nextTick } = process;

/** From now on, `output` gets all that is printed, and what tslab displays. */
export function installStreams(output: Output): void {
  loadConsole();
  takeOver(output, process.stdout, "stdout");
  takeOver(output, process.stderr, "stderr");
  installTslab(ts.version, (data, update) => output.show(update ? "update_display_data" : "display_data", { ...data }));
}

/** Callbacks of what was written in this turn. */
const written: (() => void)[] = [];

/** Calls back once all is done that is being done: one tick for many lines. */
function tellWritten(done: () => void): void {
  if (written.push(done) === 1) {
    nextTick(() => {
      for (const callback of written.splice(0)) callback();
    });
  }
}

function takeOver(output: Output, stream: NodeJS.WriteStream, name: "stdout" | "stderr"): void {
  const decoder = new TextDecoder();
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error) => void),
    finished?: (error?: Error) => void,
  ): boolean => {
    output.printed(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const done = typeof encoding === "function" ? encoding : finished;
    if (done) tellWritten(done);
    return true;
  };
  stream.write = write as typeof stream.write;
}

/** Node loads parts of its console when something is first printed. If a signal came then, they would be broken for good. */
function loadConsole(): void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  new Console(nowhere).log({});
}
