/** What each notebook lets a learner do, and what becomes of a right and of wrong attempts. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { backward, type Gradients, gradW2 } from "../../src/backward";
import { paperNetwork } from "../../src/data/paper-network";
import type { Samples } from "../../src/data/samples";
import { equations } from "../../src/equations";
import { misconceived } from "../../src/equations/equation";
import { type Cache, forward, type Parameters } from "../../src/forward";
import type { Matrix } from "../../src/matrix";
import { steps } from "../../src/progress/steps";
import { withCode, withEquations } from "../../src/setup/fill-notebooks.mjs";
import { sgdStep } from "../../src/train";
import { pencil } from "../../src/verification/pencil";
import { pencilPages } from "../../src/verification/pencil-sums";
import { verify } from "../../src/verify";
import { type Cell, names, read, root, textOf } from "./notebook";

const notebookOf = (name: string) => read(join(root, "notebooks", `${name}.ipynb`)).cells;

/** The cells from an equation's heading on, up to the next heading of its level that is another equation's. */
function sectionOf(id: string, cells: readonly Cell[]): Cell[] {
  const start = cells.findIndex((cell) => cell.id === id);
  const end = cells.findIndex((cell, k) => k > start && /^E\d+$/.test(cell.id));
  return cells.slice(start, end < 0 ? undefined : end);
}

describe.each(equations)("$id", (equation) => {
  const { id, notebook, misconceptions, reference } = equation;
  const section = sectionOf(id, notebookOf(notebook));
  const at = (suffix: string) => section.findIndex((cell) => cell.id === `${id}-${suffix}`);
  const said = (cell: Cell | undefined) => textOf(cell?.source);

  it("is climbed by four steps: predict, pencil, write, and what if", () => {
    const texts = section.map(said);
    const predict = texts.findIndex((text) => /\*\*Predict/.test(text));
    const code = section.findIndex(({ cell_type }) => cell_type === "code");
    expect(predict).toBeGreaterThanOrEqual(0);
    expect(predict, "asked before anything is run").toBeLessThan(code);
    expect(at("pencil")).toBeGreaterThan(code);
    expect(at("write")).toBeGreaterThan(at("pencil"));
    expect(said(section[at("write")])).toContain(`verify("${id}", my`);
    expect(texts.findIndex((text) => text.includes("**And if …?**"))).toBeGreaterThan(code);
  });

  it("the pencil takes the right number, and says of three wrong ones what is wrong, or that it can't tell", () => {
    const cell = said(section[at("pencil")]);
    const [, row, col] = /row: (\d), col: (\d)/.exec(cell)!.map(Number);
    expect(cell).toBe(`pencil("${id}", { row: ${row}, col: ${col} }, "?")`);
    const { terms, finish } = pencilPages[id].sum(row, col);
    const right = finish(terms.reduce((sum, { value }) => sum + value, 0));
    expect(pencil(id, { row, col }, right).passed).toBe(true);
    for (const wrong of [right + 3.21, 2 * right - 0.77, -right - 0.5]) {
      expect(pencil(id, { row, col }, wrong).toString()).toMatch(new RegExp(`^✗ ${id} .*[.?]$`));
    }
  });

  it("a right function gets ✓, and three that are wrong their names and hints", () => {
    expect(verify(id, reference).passed).toBe(true);
    const wrong = misconceptions.filter(({ square, twins }) => !square && !twins);
    expect(wrong.length).toBeGreaterThanOrEqual(3);
    for (const mistake of wrong.slice(0, 3)) {
      const verdict = verify(id, misconceived(equation, mistake));
      expect(verdict.passed, mistake.id).toBe(false);
      expect(verdict.message, mistake.id).toMatch(/This looks like|should be|expected/);
    }
  });
});

describe("the finale of 04", () => {
  const { X, Y, parameters } = paperNetwork;
  const cache = forward(X, parameters);

  it("has a blank backward to write", () => {
    const cell = notebookOf("04-hidden-layer").find(({ id }) => id === "backward-write");
    expect(textOf(cell?.source)).toContain('throw new Error("not written yet")');
    expect(textOf(cell?.source)).toContain('verify("backward", myBackward)');
  });

  it("tells the first step that is missing, as one goes along", () => {
    const whole = backward(X, Y, parameters, cache);
    const order = Object.keys(whole) as (keyof Gradients)[];
    expect(order).toEqual(["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"]);
    for (let k = 1; k < order.length; k++) {
      const partial = (X: Matrix, Y: Matrix, parameters: Parameters, cache: Cache) => {
        const gradients = backward(X, Y, parameters, cache);
        return Object.fromEntries(order.slice(0, k).map((name) => [name, gradients[name]]));
      };
      const verdict = verify("backward", partial);
      expect(verdict.passed).toBe(false);
      expect(verdict.step?.name).toBe(order[k]);
    }
  });
});

describe("the finales", () => {
  type Change = (gradients: Gradients, X: Matrix, cache: Cache) => Partial<Gradients>;
  const backwardBut =
    (change: Change) =>
    (X: Matrix, Y: Matrix, parameters: Parameters, cache: Cache): Gradients => {
      const gradients = backward(X, Y, parameters, cache);
      return { ...gradients, ...change(gradients, X, cache) };
    };

  it.each<[string, Change, string]>([
    ["the ReLU forgotten", ({ dA1 }) => ({ dZ1: dA1 }), "The first wrong step is dZ1 (E15)."],
    ["Z1 for A1", ({ dZ2 }, _, { Z1 }) => ({ dW2: gradW2(Z1, dZ2) }), "This looks like: Z1 stands where A1 belongs."],
    ["1/N twice", ({ db2 }, X) => ({ db2: db2.scale(1 / X.rows) }), "The first wrong step is db2 (E12)."],
  ])("of 04: ✓ for a right one, and with %s it says so", (_, change, said) => {
    expect(
      verify(
        "backward",
        backwardBut(() => ({})),
      ).passed,
    ).toBe(true);
    const verdict = verify("backward", backwardBut(change));
    expect(verdict.passed).toBe(false);
    expect(verdict.message).toContain(said);
  });

  type Update = (parameters: Parameters, gradients: Gradients, learningRate: number) => Parameters;
  const stepWith =
    (update: Update) =>
    ({ X, Y }: Samples, parameters: Parameters, learningRate: number): Parameters =>
      update(parameters, backward(X, Y, parameters, forward(X, parameters)), learningRate);

  it.each<[string, Update, string]>([
    ["uphill", (parameters, gradients, eta) => sgdStep(parameters, gradients, -eta), "uphill: which sign?"],
    ["without η", (parameters, gradients) => sgdStep(parameters, gradients, 1), "Where is the learning rate?"],
    [
      "without b2",
      (parameters, gradients, eta) => ({ ...sgdStep(parameters, gradients, eta), b2: parameters.b2 }),
      "W1, b1, W2 are right.",
    ],
  ])("of 06: ✓ for a right step, and of one %s it says so", (_, update, said) => {
    for (const [id, right, wrong] of [
      ["sgdStep", sgdStep, update],
      ["trainingStep", stepWith(sgdStep), stepWith(update)],
    ] as const) {
      expect(verify(id, right).passed).toBe(true);
      const verdict = verify(id, wrong);
      expect(verdict.passed).toBe(false);
      expect(verdict.message).toContain(said);
    }
  });
});

it("every step of the progress has a cell to go to", () => {
  for (const { notebook, cell } of steps) expect(notebookOf(notebook).map(({ id }) => id)).toContain(cell);
});

describe.each(names)("%s", (name) => {
  const { cells } = read(join(root, "notebooks", name));

  it("shows code as it stands in src", () => {
    for (const { cell_type, source } of cells) {
      if (cell_type !== "markdown") continue;
      expect(withCode(textOf(source), root)).toBe(textOf(source));
    }
  });

  it("begins with the learner's progress, and from 02 on with three questions of recall", () => {
    const number = Number(name.slice(0, 2));
    const texts = cells.map(({ source }) => textOf(source));
    expect(texts).toContain("progress()");
    const recall = texts.find((text) => text.startsWith("## Do you remember?"));
    if (number >= 2) expect(recall?.match(/^\d\. .*\n\n<details><summary>Answer/gm)).toHaveLength(3);
  });
});

it("the cheat sheet has every equation of the registry", () => {
  const [{ source }] = notebookOf("cheat-sheet");
  expect(withEquations(textOf(source), equations)).toBe(textOf(source));
  for (const { id } of equations) expect(textOf(source)).toContain(`| ${id} | $`);
});

it("the network that is written out in 01 and 04 is the one that the pencil works on", () => {
  const numbers = (text: string) => text.match(/-?\d+(\.\d+)?/g)?.map(Number);
  const { X, Y, parameters } = paperNetwork;
  for (const [notebook, id] of [
    ["01-forward-pass", "01-06"],
    ["04-hidden-layer", "04-04"],
  ]) {
    const text = textOf(notebookOf(notebook).find((cell) => cell.id === id)?.source);
    for (const [name, matrix] of Object.entries({ X, Y, ...parameters })) {
      const [, rows] = new RegExp(`const ${name} = Matrix.fromRows\\((.*?)\\);`, "s").exec(text)!;
      expect(numbers(rows), name).toEqual([...matrix.data]);
    }
  }
});

it("PyTorch's and JAX's seven gradients in 07 are those of backward, to four decimals", () => {
  const { X, Y, parameters } = paperNetwork;
  const gradients = backward(X, Y, parameters, forward(X, parameters));
  const text = notebookOf("07-autograd")
    .map(({ source }) => textOf(source))
    .join("\n");
  for (const [name, matrix] of Object.entries(gradients)) {
    const [, pytorch, jax] = new RegExp(`^\\| \`${name}\` \\| (.*?) \\| (.*?) \\|$`, "m").exec(text)!;
    const rows = (matrix as Matrix)
      .toRows()
      .map((row) => `\`${row.map((x: number) => (x || 0).toFixed(4).replace("-", "−")).join(" ")}\``);
    expect([pytorch, jax]).toEqual([rows.join("<br>"), rows.join("<br>")]);
  }
});
