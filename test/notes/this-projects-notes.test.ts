/** What is found in the notes that the tutorial follows: each slip that is about numbers, with the number that decides. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkTexts } from "../../src/notes/document";

const notebook = resolve(import.meta.dirname, "../../notebooks/the-notes.ipynb");
const cells: { cell_type: string; source: string[] }[] = JSON.parse(readFileSync(notebook, "utf8")).cells;
const verdict = checkTexts(cells.filter((cell) => cell.cell_type === "markdown").map((cell) => cell.source.join("")));
const marked = verdict.open.map(({ mark, latex }) => `${mark} ${latex.replace(/ +/g, " ")}`);
const markOf = (latex: string) => {
  const found = verdict.open.find((mark) => mark.latex.replace(/ +/g, " ") === latex);
  if (found === undefined) throw new Error(`${latex} is not marked`);
  return { ...found, told: [found.said, ...found.remarks].join(" ") };
};

describe("in the notes", () => {
  it("nothing is ✗ but the slips, and nothing – but what says neither side nor indices", () => {
    expect(marked).toEqual([
      "✗ L = -y_{j} \\ln\\left(A_{2,j}\\right)",
      "✗ \\frac{\\partial A_{2,j}}{\\partial Z_{2,k}} = \\begin{cases} A_{2,j} \\left(1 - A_{2,j}\\right) & j = k \\\\ A_{2,j} A_{2,k} & j \\neq k \\end{cases}",
      "✗ \\frac{\\partial L}{\\partial Z_{2,k}} = A_{2,k} - y_{2,k}",
      "✗ Z_{2} = \\sum_{i} A_{1,i} W_{2,ikj} + b_{2,j}",
      "– \\frac{\\partial L}{\\partial Z_{2}} \\cdot \\frac{\\partial Z_{2}}{\\partial W_{2}} = \\left(A_{2,k} - y_{2,k}\\right) A_{1}",
      "– \\frac{\\partial Z_{2}}{\\partial b_{2}} = 1",
      "✗ \\frac{\\partial L}{\\partial b_{2}} = \\frac{\\partial L}{\\partial Z_{2}}",
      "– \\frac{\\partial Z_{2}}{\\partial A_{1}} = W_{2}",
      "– \\frac{\\partial Z_{1}}{\\partial W_{1}} = X",
    ]);
  });

  it("slip 1: a minus belongs off the diagonal, as two numbers of opposite sign show", () => {
    const { told, instead } = markOf(
      "\\frac{\\partial A_{2,j}}{\\partial Z_{2,k}} = \\begin{cases} A_{2,j} \\left(1 - A_{2,j}\\right) & j = k \\\\ A_{2,j} A_{2,k} & j \\neq k \\end{cases}",
    );
    const [, left, right] = /left side is (−0\.\d+), the right side (0\.\d+)/.exec(told) ?? [];
    expect(left).toBe(`−${right}`);
    expect(told).toMatch(/j = 0, k = 1.*A minus belongs before .* ≠/);
    expect(instead).toMatch(/ -A_\{2,j\} +A_\{2,k\} & j \\neq k/);
  });

  it("slip 2 and y_{2k}: y has no layer, and of the mean loss 1/N is missing", () => {
    const { told } = markOf("\\frac{\\partial L}{\\partial Z_{2,k}} = A_{2,k} - y_{2,k}");
    expect(told).toContain("y belongs to no layer");
    const [, left, right] =
      /For “loss”.* left side is (−?[\d.]+) and the right side (−?[\d.]+), and 1\/N is missing/.exec(told) ?? [];
    const number = (text: string) => Number(text.replace("−", "-"));
    expect(number(right) / number(left)).toBeCloseTo(5, 2);
  });

  it("slip 3: derivatives that have more numbers than the matrix they are said to be", () => {
    expect(markOf("\\frac{\\partial Z_{1}}{\\partial W_{1}} = X").told).toMatch(
      /480 derivatives.*5×6 = 30.*side and the transpose/,
    );
    expect(markOf("\\frac{\\partial Z_{2}}{\\partial A_{1}} = W_{2}").told).toMatch(/300 derivatives.*4×3 = 12/);
    expect(marked).toContainEqual(
      expect.stringContaining("– \\frac{\\partial L}{\\partial Z_{2}} \\cdot \\frac{\\partial Z_{2}}{\\partial W_{2}}"),
    );
  });

  it("slip 7: a Σ over j is missing", () => {
    expect(markOf("L = -y_{j} \\ln\\left(A_{2,j}\\right)").told).toMatch(
      /left side is [\d.]+, the right side [\d.]+\. A Σ over j is missing/,
    );
  });

  it("slip 8: true for N = 1 only, and a Σ over the samples is missing", () => {
    expect(markOf("\\frac{\\partial L}{\\partial b_{2}} = \\frac{\\partial L}{\\partial Z_{2}}").told).toMatch(
      /1×C.*N×C.*N = 1 only.*Σ over the samples/,
    );
  });

  it("slip 9: the product is told to be a sum over a diagonal Jacobian", () => {
    const told = verdict.marks.flatMap(({ remarks }) => remarks).join(" ");
    expect(told).toMatch(
      / is diagonal: \d+ of the 400 derivatives are not 0 .* by \[\d, \d\] it is 0\)\. The sum has one term, so · becomes ⊙/,
    );
  });

  it("a W2 with three indices has one too many", () => {
    const { told, instead } = markOf("Z_{2} = \\sum_{i} A_{1,i} W_{2,ikj} + b_{2,j}");
    expect(told).toContain("takes two indices and not 3");
    expect(instead?.replace(/ +/g, " ")).toBe("Z_{2,j} = \\sum_{i} A_{1,i} W_{2,ij} + b_{2,j}");
  });
});
