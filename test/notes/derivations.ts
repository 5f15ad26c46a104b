/** A right derivation in several dresses, and rules that spoil it. */

/** One right derivation of the network's gradients, in the tutorial's letters, a formula a line. */
export const RIGHT = [
  "Z_1 = X W_1 + b_1",
  "A_1 = \\mathrm{ReLU}(Z_1)",
  "Z_2 = A_1 W_2 + b_2",
  "A_2 = \\mathrm{softmax}(Z_2)",
  "L_i = -\\sum_j y_{ij} \\ln A_{2,ij}",
  "\\text{loss} = \\frac{1}{N} \\sum_i L_i",
  "\\text{loss} = -\\frac{1}{N} \\sum_i \\sum_j y_{ij} \\ln A_{2,ij}",
  "A_{2,ij} = \\frac{e^{Z_{2,ij}}}{\\sum_k e^{Z_{2,ik}}}",
  "\\frac{\\partial \\text{loss}}{\\partial A_{2,ij}} = -\\frac{1}{N} \\frac{y_{ij}}{A_{2,ij}}",
  "\\frac{\\partial A_{2,ij}}{\\partial Z_{2,ik}} = A_{2,ij} (\\delta_{jk} - A_{2,ik})",
  "\\frac{\\partial \\text{loss}}{\\partial Z_{2,ik}} = \\sum_j \\frac{\\partial \\text{loss}}{\\partial A_{2,ij}} \\frac{\\partial A_{2,ij}}{\\partial Z_{2,ik}}",
  "\\frac{\\partial \\text{loss}}{\\partial Z_2} = \\frac{1}{N} (A_2 - Y)",
  "\\frac{\\partial \\text{loss}}{\\partial W_2} = A_1^\\top \\frac{\\partial \\text{loss}}{\\partial Z_2}",
  "\\frac{\\partial \\text{loss}}{\\partial W_{2,hk}} = \\sum_i A_{1,ih} \\frac{\\partial \\text{loss}}{\\partial Z_{2,ik}}",
  "\\frac{\\partial \\text{loss}}{\\partial b_2} = \\sum_{\\text{samples}} \\frac{\\partial \\text{loss}}{\\partial Z_2}",
  "\\frac{\\partial \\text{loss}}{\\partial A_1} = \\frac{\\partial \\text{loss}}{\\partial Z_2} W_2^\\top",
  "\\frac{\\partial A_1}{\\partial Z_1} = \\mathrm{ReLU}'(Z_1)",
  "\\frac{\\partial \\text{loss}}{\\partial Z_1} = \\frac{\\partial \\text{loss}}{\\partial A_1} \\odot \\mathrm{ReLU}'(Z_1)",
  "\\frac{\\partial \\text{loss}}{\\partial W_1} = X^\\top \\frac{\\partial \\text{loss}}{\\partial Z_1}",
  "\\frac{\\partial \\text{loss}}{\\partial b_{1,h}} = \\sum_i \\frac{\\partial \\text{loss}}{\\partial Z_{1,ih}}",
];

/** Notes with a formula a paragraph. */
export const asNotes = (formulas: readonly string[]) => formulas.map((latex) => `$$${latex}$$`).join("\n\n");

const swap = (from: RegExp, to: string) => (formulas: readonly string[]) =>
  formulas.map((latex) => latex.replace(from, to));
const gradients = (d: string) => (formulas: readonly string[]) =>
  formulas.map((latex) => latex.replaceAll("\\partial", d));

/** Twenty ways in which others write what is just as right. */
export const REWRITTEN: Readonly<Record<string, readonly string[]>> = {
  "layers in round brackets above": swap(
    /([ZAWb])_([12])(?!,)/g,
    "$1^{($2)}",
  )(RIGHT.map((latex) => latex.replace(/([ZAWb])_\{([12]),(\w+)\}/g, "$1^{($2)}_{$3}"))).map((latex) =>
    latex.replaceAll("^{(1)}^\\top", "^{(1)\\top}").replaceAll("^{(2)}^\\top", "^{(2)\\top}"),
  ),
  "layers in square brackets above": swap(
    /([ZAWb])_([12])(?!,)/g,
    "$1^{[$2]}",
  )(RIGHT.map((latex) => latex.replace(/([ZAWb])_\{([12]),(\w+)\}/g, "$1^{[$2]}_{$3}"))).map((latex) =>
    latex.replaceAll("^{[1]}^\\top", "^{[1]\\top}").replaceAll("^{[2]}^\\top", "^{[2]\\top}"),
  ),
  "T for the transpose": swap(/\\top/g, "T")(RIGHT),
  "log for ln": swap(/\\ln/g, "\\log")(RIGHT),
  "operators by their names": swap(/\\mathrm\{(\w+)\}/g, "\\operatorname{$1}")(RIGHT),
  "a straight d": gradients("d ")(RIGHT),
  "an upright d": gradients("\\mathrm{d} ")(RIGHT),
  "derivatives on one line": swap(
    /\\frac\{(\\partial [^{}]*\{?[^{}]*\}?)\}\{(\\partial (?:[^{}]|\{[^{}]*\})*)\}/g,
    "$1 / $2",
  )(RIGHT),
  "J for the loss": swap(/\\text\{loss\}/g, "J")(RIGHT),
  "other index letters": RIGHT.map((latex) =>
    latex.replace(/(?<=[{_,(])([ijkh]+)(?=\}|\s|$)/g, (letters) =>
      letters.replace(/[ijkh]/g, (l) => ({ i: "n", j: "q", k: "r", h: "p" })[l] ?? l),
    ),
  ),
  "the result before what it is made of": [...RIGHT].reverse(),
  "bounds on every sum": RIGHT.map((latex) =>
    latex
      .replaceAll("\\sum_i", "\\sum_{i=1}^N")
      .replaceAll("\\sum_j", "\\sum_{j=1}^C")
      .replaceAll("\\sum_k", "\\sum_{k=1}^{C}"),
  ),
  "other names for the layers": RIGHT.map((latex) =>
    latex
      .replaceAll("Z_1", "P")
      .replaceAll("A_1", "H")
      .replaceAll("Z_2", "S")
      .replaceAll("A_2", "\\hat{Y}")
      .replaceAll("W_1", "V")
      .replaceAll("W_2", "U")
      .replaceAll("b_1", "b")
      .replaceAll("b_2", "c")
      .replaceAll("Z_{1,", "P_{")
      .replaceAll("A_{1,", "H_{")
      .replaceAll("Z_{2,", "S_{")
      .replaceAll("A_{2,", "\\hat{Y}_{")
      .replaceAll("W_{1,", "V_{")
      .replaceAll("W_{2,", "U_{")
      .replaceAll("b_{1,", "b_{")
      .replaceAll("b_{2,", "c_{"),
  ),
  "all in aligned lines": [
    `\\begin{aligned}${RIGHT.map((latex) => latex.replace("=", "&=")).join(" \\\\ ")}\\end{aligned}`,
  ],
  "the gradients by short names": [
    ...RIGHT.slice(0, 7),
    "dZ_2 = \\frac{1}{m} (A_2 - Y)",
    "dW_2 = A_1^T dZ_2",
    "db_2 = \\sum_i dZ_2",
    "dZ_1 = dZ_2 W_2^T \\odot \\mathrm{ReLU}'(Z_1)",
    "dW_1 = X^T dZ_1",
    "db_1 = \\mathbf{1}^T dZ_1",
  ],
  "samples in columns": [
    "Z_1 = W_1 X + b_1",
    "A_1 = \\mathrm{ReLU}(Z_1)",
    "Z_2 = W_2 A_1 + b_2",
    "A_2 = \\mathrm{softmax}(Z_2)",
    "J = -\\frac{1}{m} \\sum_j \\sum_i Y_{ij} \\log A_{2,ij}",
    "dZ_2 = \\frac{1}{m} (A_2 - Y)",
    "dW_2 = dZ_2 A_1^T",
    "db_2 = \\sum_{\\text{samples}} dZ_2",
    "dZ_1 = W_2^T dZ_2 \\odot \\mathrm{ReLU}'(Z_1)",
    "dW_1 = dZ_1 X^T",
    "db_1 = \\sum_{\\text{samples}} dZ_1",
  ],
  "one sample as a column": [
    "z = W x + b",
    "h = \\mathrm{ReLU}(z)",
    "\\theta = U h + c",
    "\\hat{y} = \\mathrm{softmax}(\\theta)",
    "J = -\\sum_i y_i \\log \\hat{y}_i",
    "\\delta_1 = \\frac{\\partial J}{\\partial \\theta} = \\hat{y} - y",
    "\\delta_2 = \\frac{\\partial J}{\\partial z} = U^T \\delta_1 \\odot \\mathrm{ReLU}'(z)",
    "\\frac{\\partial J}{\\partial U} = \\delta_1 h^T",
    "\\frac{\\partial J}{\\partial c} = \\delta_1",
    "\\frac{\\partial J}{\\partial W} = \\delta_2 x^T",
    "\\frac{\\partial J}{\\partial b} = \\delta_2",
  ],
  tanh: RIGHT.map((latex) =>
    latex.replace("\\mathrm{ReLU}(Z_1)", "\\tanh(Z_1)").replace("\\mathrm{ReLU}'(Z_1)", "(1 - A_1^2)"),
  ),
  "the sigmoid, and its derivative by itself": RIGHT.map((latex) =>
    latex.replace("\\mathrm{ReLU}(Z_1)", "\\sigma(Z_1)").replace("\\mathrm{ReLU}'(Z_1)", "(A_1 \\odot (1 - A_1))"),
  ),
  "three layers": [
    "Z_1 = X W_1 + b_1, \\quad A_1 = \\tanh(Z_1)",
    "Z_2 = A_1 W_2 + b_2, \\quad A_2 = \\mathrm{ReLU}(Z_2)",
    "Z_3 = A_2 W_3 + b_3, \\quad A_3 = \\mathrm{softmax}(Z_3)",
    "\\text{loss} = -\\frac{1}{N} \\sum_i \\sum_j y_{ij} \\ln A_{3,ij}",
    "\\delta_3 = \\frac{1}{N} (A_3 - Y)",
    "\\delta_2 = (\\delta_3 W_3^\\top) \\odot \\mathrm{ReLU}'(Z_2)",
    "\\delta_1 = (\\delta_2 W_2^\\top) \\odot (1 - A_1^2)",
    "\\frac{\\partial \\text{loss}}{\\partial Z_3} = \\delta_3, \\quad \\frac{\\partial \\text{loss}}{\\partial Z_2} = \\delta_2, \\quad \\frac{\\partial \\text{loss}}{\\partial Z_1} = \\delta_1",
    "\\frac{\\partial \\text{loss}}{\\partial W_1} = X^\\top \\delta_1 \\qquad \\frac{\\partial \\text{loss}}{\\partial W_3} = A_2^\\top \\delta_3",
  ],
  "squared errors": [
    "Z_1 = X W_1 + b_1",
    "A_1 = \\mathrm{ReLU}(Z_1)",
    "Z_2 = A_1 W_2 + b_2",
    "\\text{loss} = \\frac{1}{2N} \\sum_i \\sum_k (Z_{2,ik} - y_{ik})^2",
    "\\frac{\\partial \\text{loss}}{\\partial Z_2} = \\frac{1}{N} (Z_2 - Y)",
    "\\frac{\\partial \\text{loss}}{\\partial W_2} = A_1^\\top \\frac{\\partial \\text{loss}}{\\partial Z_2}",
  ],
};

/** A copy of a formula with one thing wrong in it, and the rule that spoiled it. */
export interface Spoiled {
  readonly rule: string;
  readonly latex: string;
}

/** Every place at which a rule can spoil a formula's right side, each by itself. */
export function spoiled(latex: string): Spoiled[] {
  const start = latex.indexOf("=") + 1;
  const rules: readonly (readonly [string, RegExp, (found: string) => string])[] = [
    ["a sign", / - /g, () => " + "],
    ["a sign", / \+ /g, () => " - "],
    ["a sign", /-(?=\\frac|\\sum)/g, () => ""],
    ["a transpose", /\^\\top/g, () => ""],
    ["a factor", /\\frac\{1\}\{N\}/g, () => ""],
    ["a factor", /\\frac\{1\}\{N\}/g, () => "\\frac{2}{N}"],
    ["a missing Σ", /\\sum_\{?(\\text\{samples\}|[a-z])\}?/g, () => ""],
    ["an index", /(?<=\{[12],i)[jk](?=\})/g, (letter) => (letter === "j" ? "k" : "j")],
    ["an index", /(?<=y_\{i)j(?=\})/g, () => "i"],
    ["a name", /A_2(?! -)/g, () => "Z_2"],
    ["a name", /A_1/g, () => "X"],
    ["a name", /(?<=\\partial )Z_([12])/g, (name) => (name === "Z_1" ? "A_1" : "A_2")],
    ["a name", /W_2/g, () => "W_1"],
    ["a name", /Y/g, () => "Z_2"],
    ["an operation", /\\odot/g, () => "\\cdot"],
    ["a function", /ReLU'/g, () => "ReLU"],
  ];
  return rules.flatMap(([rule, pattern, change]) =>
    [...latex.slice(start).matchAll(pattern)].map((match) => {
      const at = start + match.index;
      return { rule, latex: `${latex.slice(0, at)}${change(match[0])}${latex.slice(at + match[0].length)}` };
    }),
  );
}
