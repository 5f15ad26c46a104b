import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { makeOwnNotebooks, tellOwnNotebooks } from "../../src/setup/fresh.mjs";
import { temporaryFolder } from "./temporary-folder.js";

let root: string;

const cell = (cell_type: string, source: string) => ({
  cell_type,
  id: source.slice(0, 3),
  metadata: { tags: ["mine"] },
  source: [source],
  ...(cell_type === "code" && {
    execution_count: 3,
    outputs: [{ output_type: "stream", name: "stdout", text: ["42\n"] }],
  }),
});
const original = (name: string, ...sources: string[]) => {
  const cells = sources.map((source, k) => cell(k % 2 === 0 ? "markdown" : "code", source));
  const metadata = { kernelspec: { name: "tslab" } };
  writeFileSync(join(root, "notebooks", name), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
};
const own = (name: string) => JSON.parse(readFileSync(join(root, "my-notebooks", name), "utf8"));

beforeEach(() => {
  root = temporaryFolder();
  mkdirSync(join(root, "notebooks"));
  original(
    "00-start.ipynb",
    "Go to [one](01-one.ipynb#cell-id=E1), [data](../data/README.md), [the sheet](cheat-sheet.ipynb)",
    "40 + 2",
  );
  original("01-one.ipynb", "One");
  original("cheat-sheet.ipynb", "Sheet");
});

describe("npm run lab -- --fresh", () => {
  it("makes copies of the tutorial's notebooks, with all cells and no outputs", () => {
    expect(makeOwnNotebooks(root)).toEqual({ made: ["00-start.ipynb", "01-one.ipynb"], changed: [] });
    expect(readdirSync(join(root, "my-notebooks")).sort()).toEqual(["00-start.ipynb", "01-one.ipynb"]);
    const [, code] = own("00-start.ipynb").cells;
    expect(code).toMatchObject({
      source: ["40 + 2"],
      outputs: [],
      execution_count: null,
      metadata: { tags: ["mine"] },
    });
  });

  it("keeps links among the copies, and leads the others to where the originals are", () => {
    makeOwnNotebooks(root);
    expect(own("00-start.ipynb").cells[0].source.join("")).toBe(
      "Go to [one](01-one.ipynb#cell-id=E1), [data](../data/README.md), [the sheet](../notebooks/cheat-sheet.ipynb)",
    );
  });

  it("never writes over a copy, and makes those that are missing", () => {
    makeOwnNotebooks(root);
    const mine = { ...own("00-start.ipynb"), cells: [cell("code", "my own work")] };
    writeFileSync(join(root, "my-notebooks", "00-start.ipynb"), JSON.stringify(mine));
    writeFileSync(join(root, "my-notebooks", "01-one.ipynb"), "not even a notebook");
    original("02-two.ipynb", "Two");
    expect(makeOwnNotebooks(root)).toEqual({ made: ["02-two.ipynb"], changed: [] });
    expect(own("00-start.ipynb").cells[0].source).toEqual(["my own work"]);
    expect(readFileSync(join(root, "my-notebooks", "01-one.ipynb"), "utf8")).toBe("not even a notebook");
  });

  it("tells of an original that says something else by now, not of one that was only run again", () => {
    makeOwnNotebooks(root);
    original("01-one.ipynb", "One, better said");
    const again = JSON.parse(readFileSync(join(root, "notebooks", "00-start.ipynb"), "utf8"));
    again.cells[1].outputs = [];
    writeFileSync(join(root, "notebooks", "00-start.ipynb"), JSON.stringify(again));
    const outcome = makeOwnNotebooks(root);
    expect(outcome).toEqual({ made: [], changed: ["01-one.ipynb"] });
    expect(tellOwnNotebooks(outcome)).toEqual([
      expect.stringMatching(/^my-notebooks\/01-one\.ipynb: .* has changed .* rename it/),
    ]);
    expect(own("01-one.ipynb").cells[0].source).toEqual(["One"]);
  });

  it("says how many are new", () => {
    expect(tellOwnNotebooks(makeOwnNotebooks(root))).toEqual(["my-notebooks/ has 2 new notebooks of yours."]);
    expect(tellOwnNotebooks(makeOwnNotebooks(root))).toEqual([]);
  });
});
