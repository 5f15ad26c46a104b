import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cell, execute, printed, read, root, textOf } from "../notebooks/notebook";
import { instructorNotebooks } from "./solutions";

const out = mkdtempSync(join(tmpdir(), "instructor-"));
const names = [...instructorNotebooks.keys()].map((name) => `${name}.ipynb`);
let said = "";

beforeAll(async () => {
  const paths = names.map((name) => `instructor/${name}`);
  ({ said } = await execute(root, paths, out));
}, 300_000);

afterAll(() => rmSync(out, { recursive: true, force: true }));

it.each(names)("%s runs with the real kernel, and every check in it is a ✓", (name) => {
  expect(said).toMatch(new RegExp(`^${name} … ✓`, "m"));
  const cells = read(join(out, name)).cells.filter(({ source }) => /^(assertVerified|verify)\(/.test(textOf(source)));
  expect(cells.length).toBeGreaterThanOrEqual(6);
  for (const cell of cells) expect(printed(cell as Cell), textOf(cell.source)).toMatch(/^✓ /);
});
