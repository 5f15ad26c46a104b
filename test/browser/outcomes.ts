/** What a notebook's cells say, wherever they have run. */
import { type Cell, printed, textOf } from "../notebooks/notebook";

/** Ways to say how long something took. */
const TIMES = /\b\d+(\.\d+)? (ms|s|seconds)\b/g;

/**
 * What a cell says, line by line: verdicts by their mark and their equation, all else to ten digits and without times, since
 * browsers round the last digits of exponentials and logarithms differently.
 */
export function said(cell: Cell): string[] {
  const text = printed({ ...cell, outputs: inOne(cell) });
  // A table is polars' own in Node.js, and ours in a browser.
  const lines = text.startsWith("shape:") ? text.split("\n", 1) : text.split("\n");
  return lines
    .map((line) => (/^[✓✗]/.test(line) ? line.replace(/(?<=^. \S+ \w+).*/, "") : line))
    .map((line) =>
      line
        .replace(TIMES, "(a time)")
        .replace(/\d+\.\d{10,}/g, (number) => Number(number).toPrecision(10))
        .replace(/\S*e[-−]\d+/g, "(tiny)"),
    );
}

/** Streams come in pieces of any size. */
function inOne({ outputs = [] }: Cell): Cell["outputs"] {
  const joined: NonNullable<Cell["outputs"]> = [];
  for (const output of outputs) {
    const before = joined.at(-1);
    if (output.output_type === "stream" && before?.output_type === "stream" && before.name === output.name) {
      before.text = textOf(before.text) + textOf(output.text);
    } else joined.push({ ...output });
  }
  return joined;
}
