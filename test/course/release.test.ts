import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listZip } from "../../src/course/archive";
import { exercises } from "../../src/course/exercises";
import { gradeIdOf, type Notebook, parseNotebook, sourceOf } from "../../src/course/notebook";
import { folders, release, studentNotebooks, studentZip } from "../../src/course/release";
import { STUB, studentVersion } from "../../src/course/student-version";
import { instructorNotebooks, root } from "./solutions";

/** Every line of a solution that says something. */
const solutionLines = [...instructorNotebooks.values()].flatMap(({ cells }) =>
  cells.flatMap((cell) =>
    [...sourceOf(cell).matchAll(/BEGIN SOLUTION.*\n([\s\S]*?)\n.*END SOLUTION/g)].flatMap(([, inside]) =>
      inside
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line.length > 12),
    ),
  ),
);

describe("the students' notebooks", () => {
  it("are those that the instructor's notebooks give; `npm run release` makes them", () => {
    const fresh = studentNotebooks(root);
    expect(readdirSync(join(root, folders.assignments)).sort()).toEqual(
      [...fresh.keys()].map((path) => path.slice(folders.assignments.length + 1)),
    );
    for (const [path, text] of fresh) expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
  });

  it.each([...studentNotebooks(root)])("%s holds no trace of a solution", (_, text) => {
    const { cells } = JSON.parse(text) as Notebook;
    expect(text).not.toMatch(/(BEGIN|END) SOLUTION/);
    expect(solutionLines.length).toBeGreaterThan(40);
    for (const line of solutionLines) expect(text).not.toContain(JSON.stringify(line).slice(1, -1));
    for (const cell of cells) {
      if (cell.cell_type === "code") expect(cell).toMatchObject({ outputs: [], execution_count: null });
      expect(Object.keys(cell.metadata).filter((key) => key !== "nbgrader")).toEqual([]);
    }
  });

  it("have a stub in every cell that is to be written, and nothing else is changed", () => {
    for (const [path, text] of studentNotebooks(root)) {
      const student = parseNotebook(text);
      const master = instructorNotebooks.get(path.split("/")[2].slice(0, -6)) as Notebook;
      expect(student.cells.length).toBe(master.cells.length);
      for (const [k, cell] of student.cells.entries()) {
        if (!cell.metadata.nbgrader?.solution) expect(sourceOf(cell)).toBe(sourceOf(master.cells[k]));
        else if (cell.cell_type === "code") expect(sourceOf(cell)).toContain(`  ${STUB}\n}`);
        else expect(sourceOf(cell)).toBe("*Your answer.*");
      }
    }
  });

  it("a solution that is not marked, not closed or closed twice stops the release", () => {
    const cell = (source: string) =>
      ({
        cells: [{ cell_type: "code", id: "x", source, metadata: { nbgrader: { grade_id: "g", solution: true } } }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      }) as Notebook;
    expect(() => studentVersion(cell("f()"))).toThrow(/cell x is a solution; expected BEGIN SOLUTION/);
    expect(() => studentVersion(cell("// BEGIN SOLUTION\nf()"))).toThrow(/does not end it/);
    expect(() => studentVersion(cell("// END SOLUTION"))).toThrow(/has not begun/);
    expect(() => studentVersion(cell("// BEGIN SOLUTION\n// BEGIN SOLUTION"))).toThrow(/inside a solution/);
  });
});

describe("the instructor's notebooks", () => {
  it.each([...instructorNotebooks])(
    "%s: each exercise has its heading, its points, and a cell to check it in",
    (name, { cells }) => {
      const own = exercises.filter(({ assignment }) => assignment === name);
      for (const { id, title, points, functionName } of own) {
        const check = cells.find((cell) => gradeIdOf(cell) === id);
        expect(check && sourceOf(check)).toBe(`assertVerified("${id}", ${functionName})`);
        expect(check?.metadata.nbgrader).toMatchObject({ grade: true, locked: true, solution: false, points });
        const text = cells.map(sourceOf).join("\n");
        expect(text).toContain(`## ${id} · ${title} (${points} points)`);
        expect(text).toContain(`verify("${id}", ${functionName})`);
      }
      const graded = cells.filter(({ cell_type, metadata }) => cell_type === "code" && metadata.nbgrader?.grade);
      expect(graded.map(gradeIdOf)).toEqual(own.map(({ id }) => id));
      const ids = cells.flatMap((cell) => gradeIdOf(cell) ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});

describe("the students' zip", async () => {
  const lines = await release(root);
  const { files } = await listZip(readFileSync(join(root, studentZip)), 1e4);
  const entries = await Promise.all(files.map(async ({ path, read }) => ({ path, data: await read() })));
  const names = entries.map(({ path }) => path);

  it("holds the project with the assignments, and nothing of the instructor's", () => {
    expect(lines.at(-1)).toContain(studentZip);
    expect(names).toContain("backprop-by-hand/package.json");
    expect(names).toContain("backprop-by-hand/src/course/exercises/index.ts");
    expect(names).toContain("backprop-by-hand/notebooks/assignments/train-it.ipynb");
    expect(names.filter((name) => /instructor|test\/course/.test(name))).toEqual([]);
  });

  it("holds no line of a solution that is not in the notes' own code", () => {
    const known = entries
      .filter(
        ({ path }) =>
          path.startsWith("backprop-by-hand/notebooks/0") || /src\/(backward|forward|train)\.ts$/.test(path),
      )
      .map(({ data }) => Buffer.from(data).toString("utf8"))
      .join("\n");
    const telling = solutionLines.filter(
      (line) => line.length > 30 && !line.startsWith("for (") && !known.includes(line),
    );
    expect(telling.length).toBeGreaterThan(20);
    for (const { path, data } of entries) {
      const text = Buffer.from(data).toString("utf8");
      for (const line of telling) expect(text.includes(line), `${path}: ${line}`).toBe(false);
    }
  });

  it("has the same bytes every time", async () => {
    const before = readFileSync(join(root, studentZip));
    await release(root);
    expect(readFileSync(join(root, studentZip)).equals(before)).toBe(true);
  });
});
