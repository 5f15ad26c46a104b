import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cell, execute, names, read, root, textOf } from "./notebook";

/** Only lines like these may differ from run to run: they tell the time that something took. */
const TIMES = /\b\d+(\.\d+)? (ms|s|seconds)\b/g;

const out = mkdtempSync(join(tmpdir(), "notebooks "));
let said = "";

beforeAll(async () => {
  ({ said } = await execute(root, names, out));
}, 300_000);

afterAll(() => rmSync(out, { recursive: true, force: true }));

describe.each(names)("%s, run again by the real kernel", (name) => {
  it("runs to its end", () => {
    expect(said).toMatch(new RegExp(`^${name} … ✓`, "m"));
  });

  it("gives the outputs that are committed", () => {
    const [committed, rerun] = [join(root, "notebooks", name), join(out, name)].map((path) => read(path).cells);
    for (const [k, cell] of committed.entries()) {
      expect({ id: cell.id, outputs: masked(rerun[k]) }).toEqual({ id: cell.id, outputs: masked(cell) });
    }
  });
});

function masked(cell: Cell) {
  return cell.outputs?.map((output) =>
    output.output_type === "stream" ? { ...output, text: textOf(output.text).replace(TIMES, "(a time)") } : output,
  );
}
