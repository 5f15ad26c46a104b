/** Reads files that were handed in, one after the other, in a process that may take only so much time and memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BoundedProcesses } from "../bounded-process";
import { processFiles } from "../sandbox/sandbox";
import type { ReadFile } from "./entries";
import type { FileContents } from "./read-process";

/** Enough for a notebook of 50 MB. */
const limits = { seconds: 20, memory: 512 * 2 ** 20 };

const sentences = {
  memory: "Reading the file took too much memory; it is no ordinary notebook.",
  time: "Reading the file took too long; it is no ordinary notebook.",
  brokeDown: "The file can't be read; it is no ordinary notebook.",
};

/** @param harness where the harness is, beside which the reader's program lies */
export function fileReader(harness: string): ReadFile {
  const processes = new BoundedProcesses<{ file: string }, FileContents>(
    join(dirname(harness), processFiles.reader),
    limits,
    sentences,
  );
  // Messages between processes are slow to carry files; the disk is not.
  const place = mkdtempSync(join(tmpdir(), "handed-in-"));
  process.on("exit", () => rmSync(place, { recursive: true, force: true }));
  const file = join(place, "notebook");
  const readOne = async (bytes: Uint8Array): Promise<FileContents> => {
    writeFileSync(file, bytes, { mode: 0o600 });
    const contents = await processes.work({ file });
    rmSync(file);
    return contents;
  };
  let before: Promise<unknown> = Promise.resolve();
  return (bytes) => {
    const contents = before.then(() => readOne(bytes));
    before = contents.catch(() => {}); // a full disk is told to whoever waits for this one
    return contents;
  };
}
