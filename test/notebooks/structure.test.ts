import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { kernelInfo } from "../../src/kernel/node/kernel-info";
import { codeCells, mayFail, names, printed, read, root, textOf, verdicts } from "./notebook";

it("the tutorial has its nine notebooks, in reading order", () => {
  expect(names.map((name) => name.slice(0, -6))).toEqual([
    "00-start-here",
    "01-forward-pass",
    "02-softmax-and-cross-entropy",
    "03-output-layer",
    "04-hidden-layer",
    "05-gradient-checking",
    "06-training",
    "07-autograd",
    "08-your-own-notes",
  ]);
});

describe.each(names)("%s", (name) => {
  const path = join(root, "notebooks", name);
  const notebook = read(path);
  const code = codeCells(notebook);
  const markdown = notebook.cells.filter((cell) => cell.cell_type === "markdown").map((cell) => textOf(cell.source));

  it("is nbformat 4.5 for the kernel tslab, with an id of its own for every cell", () => {
    expect(notebook).toMatchObject({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: "tslab" } } });
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  });

  it("describes the language as the kernel does, so that opening it changes nothing", () => {
    expect(notebook.metadata.language_info).toEqual(kernelInfo().language_info);
  });

  it("opens with a title and with what the learner will be able to do, and ends with a summary", () => {
    expect(markdown[0]).toMatch(new RegExp(`^# ${name.slice(0, 2)} · `));
    expect(markdown.slice(0, 2).join("\n")).toMatch(/you can|you will/i);
    expect(markdown.at(-1)).toMatch(/## Summary|Next/);
  });

  it("was run from top to bottom, and its outputs are there", () => {
    expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, k) => k + 1));
    expect(code.flatMap((cell) => cell.outputs).length).toBeGreaterThan(0);
  });

  it("shows no error and no warning", () => {
    for (const { outputs = [] } of code) {
      expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual([]);
    }
  });

  it("shows ✓ in every verdict, but ✗ where the text says that it should", () => {
    for (const cell of code) {
      const marks = verdicts(cell);
      if (mayFail(cell)) expect(marks.at(-1) ?? printed(cell), `cell ${cell.id}`).toMatch(/✗|✎|not written yet/);
      else expect(marks, `cell ${cell.id}`).not.toContain("✗");
    }
  });

  it("says in the text before it that a verdict should be ✗", () => {
    for (const [k, cell] of notebook.cells.entries()) {
      if (cell.metadata.tags?.includes("wrong-on-purpose")) {
        const before = notebook.cells.slice(Math.max(0, k - 3), k).filter(({ cell_type }) => cell_type === "markdown");
        expect(before.map((text) => textOf(text.source)).join("\n"), `before cell ${cell.id}`).toMatch(/✗/);
      }
    }
  });

  it("uses nothing of TypeScript's that somebody from Python would stumble over, unless a text explains it", () => {
    const shown = [...code.map(({ source }) => textOf(source)), ...markdown.flatMap(ownCode)].join("\n");
    for (const [what, pattern] of [
      ["destructuring with renaming", /(const|let) \{[^}]*\w+: ?\w+[^}]*\} =/],
      ["a reduce with more than two arguments", /reduce\(\(\w+, \w+, \w+/],
      ["Record", /\bRecord</],
      ["a non-null assertion", /[\w\])]!(?!=)[.;,)\]\s]/],
    ] as const) {
      expect(pattern.exec(shown)?.[0], what).toBeUndefined();
    }
    for (const rare of ["as const", "Partial<", "?? "]) {
      if (!shown.includes(rare)) continue;
      expect(markdown.join("\n") + commentsIn(shown), rare).toContain(rare.trim());
    }
  });

  it("imports nothing of the project but ./src", () => {
    const imports = code.flatMap((cell) => [...textOf(cell.source).matchAll(/from "(\.[^"]*)"/g)].map((m) => m[1]));
    expect(imports.length).toBeGreaterThan(0);
    for (const from of imports) expect(from).toMatch(/^\.\/src(\/|$)/);
  });

  it("knows no path, host or time of the machine it was run on", () => {
    expect(JSON.stringify(notebook)).not.toMatch(/\/(root|home|Users|work|tmp)\/|https?:\/\/(localhost|127)/);
  });

  it("is smaller than 1 MB", () => {
    expect(statSync(path).size).toBeLessThan(1e6);
  });

  it("links to files that exist", () => {
    const links = markdown.flatMap((text) => [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((m) => m[1]));
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      expect(() => statSync(join(root, "notebooks", decodeURI(link))), link).not.toThrow();
    }
  });
});

/** The code in a text, but for what is shown of `src`. */
function ownCode(text: string): string[] {
  const own = text.replaceAll(/<!-- code: .*?<!-- \/code -->/gs, "");
  return [...own.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]);
}

function commentsIn(code: string): string {
  return [...code.matchAll(/\/\/.*/g)].join("\n");
}

/** So many characters fit into a line of code, in a cell and in the text, in JupyterLab, 1280 px wide with its side bar open. */
const FITTING = { code: 92, markdown: 85 } as const;

it.each([...names, ...["assignments", "instructor"].flatMap(inFolder)])("%s has no line of code to scroll", (path) => {
  const { cells } = read(join(root, "notebooks", path));
  const long = cells.flatMap(({ cell_type, source }) => {
    const text = textOf(source);
    const code = cell_type === "code" ? [text] : ownCode(text);
    return code.flatMap((lines) => lines.split("\n")).filter((line) => line.length > FITTING[cell_type]);
  });
  expect(long).toEqual([]);
});

function inFolder(folder: string): string[] {
  const files = readdirSync(join(root, "notebooks", folder)).filter((name) => name.endsWith(".ipynb"));
  return files.map((name) => `${folder}/${name}`);
}

describe.each(equations)("$id", (equation) => {
  const { cells } = read(join(root, "notebooks", `${equation.notebook}.ipynb`));

  it("has the cell id that links point to", () => {
    const heading = cells.find(({ source }) => textOf(source).includes(`## ${equation.id} · ${equation.title}`));
    expect(heading?.id).toBe(equation.id);
  });

  it("is taught under its heading and verified there, by its own function and with a ✓", () => {
    const start = cells.findIndex(({ source }) => textOf(source).includes(`## ${equation.id} · ${equation.title}`));
    expect(start, `heading “## ${equation.id} · ${equation.title}”`).toBeGreaterThanOrEqual(0);
    const check = cells
      .slice(start)
      .find(({ source }) => textOf(source).includes(`verify("${equation.id}", ${equation.functionName}`));
    expect(check && verdicts(check)).toContain("✓");
  });
});
