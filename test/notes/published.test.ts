/** Derivations of such a network as others have published them, typed in formula by formula: docs/notes.md has them as a table. */
import { describe, expect, it } from "vitest";
import { checkTexts } from "../../src/notes/document";
import { asNotes } from "./derivations";

const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  CS231n: [
    "f = W x + b",
    "p_k = \\frac{e^{f_k}}{ \\sum_j e^{f_j} }",
    "L_i = -\\log\\left(p_{y_i}\\right)",
    "\\frac{\\partial L_i }{ \\partial f_k } = p_k - \\mathbb{1}(y_i = k)",
  ],
  "Dive into Deep Learning": [
    "\\mathbf{z}= \\mathbf{W}^{(1)} \\mathbf{x}",
    "\\mathbf{h}= \\phi (\\mathbf{z})",
    "\\mathbf{o}= \\mathbf{W}^{(2)} \\mathbf{h}",
    "L = l(\\mathbf{o}, y)",
    "\\frac{\\partial J}{\\partial \\mathbf{W}^{(2)}} = \\frac{\\partial J}{\\partial \\mathbf{o}} \\mathbf{h}^\\top + \\lambda \\mathbf{W}^{(2)}",
    "\\frac{\\partial J}{\\partial \\mathbf{h}} = {\\mathbf{W}^{(2)}}^\\top \\frac{\\partial J}{\\partial \\mathbf{o}}",
    "\\frac{\\partial J}{\\partial \\mathbf{z}} = \\frac{\\partial J}{\\partial \\mathbf{h}} \\odot \\phi'\\left(\\mathbf{z}\\right)",
  ],
  "Dive into Deep Learning, with tanh and squared errors": [
    "\\mathbf{z}= \\mathbf{W}^{(1)} \\mathbf{x}",
    "\\mathbf{h}= \\tanh (\\mathbf{z})",
    "\\mathbf{o}= \\mathbf{W}^{(2)} \\mathbf{h}",
    "s = \\frac{\\lambda}{2} (\\sum_{i,j} (W^{(1)}_{ij})^2 + \\sum_{i,j} (W^{(2)}_{ij})^2)",
    "L = \\frac12 \\sum_i (o_i - y_i)^2",
    "J = L + s",
    "\\frac{\\partial J}{\\partial \\mathbf{o}} = \\frac{\\partial L}{\\partial \\mathbf{o}}",
    "\\frac{\\partial s}{\\partial \\mathbf{W}^{(1)}} = \\lambda \\mathbf{W}^{(1)}",
    "\\frac{\\partial J}{\\partial \\mathbf{W}^{(2)}} = \\frac{\\partial J}{\\partial \\mathbf{o}} \\mathbf{h}^\\top + \\lambda \\mathbf{W}^{(2)}",
    "\\frac{\\partial J}{\\partial \\mathbf{h}} = {\\mathbf{W}^{(2)}}^\\top \\frac{\\partial J}{\\partial \\mathbf{o}}",
    "\\frac{\\partial J}{\\partial \\mathbf{z}} = \\frac{\\partial J}{\\partial \\mathbf{h}} \\odot \\phi'\\left(\\mathbf{z}\\right)",
    "\\frac{\\partial J}{\\partial \\mathbf{W}^{(1)}} = \\frac{\\partial J}{\\partial \\mathbf{z}} \\mathbf{x}^\\top + \\lambda \\mathbf{W}^{(1)}",
  ],
  Nielsen: [
    "\\delta^L_j = \\frac{\\partial C}{\\partial a^L_j} \\sigma'(z^L_j)",
    "\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(z^l)",
    "\\frac{\\partial C}{\\partial b^l_j} = \\delta^l_j",
  ],
  "Cross Validated 201914": [
    "a = W_1x+b_1",
    "h = \\sigma(a)",
    "z = W_2 h + b_2",
    "\\hat y = \\mathrm{softmax}(z)",
    "C = -\\sum_i y_i \\log \\hat y_i",
    "\\frac{\\partial C}{\\partial z} = y-\\hat{y}",
    "\\frac{\\partial z}{\\partial h} = W_2",
    "\\frac{\\partial h}{\\partial a} = \\sigma(a)(1 - \\sigma(a))",
    "\\frac{\\partial a}{\\partial W_1} = x",
  ],
  "Mathematics Stack Exchange 2815662": [
    "z_1 = xW_1 + b_1",
    "a_1 = \\tanh{(z_1)}",
    "z_2  = a_1W_2 + b_2",
    "a_2  = \\text{softmax}(z_2)=\\hat{y}_n",
    "l_n  = \\log{(\\hat{y}_n)}",
  ],
  "AI Stack Exchange 35741": [
    "Z = X W + b",
    "\\hat{Y} = \\mathrm{softmax}(Z)",
    "E = -\\sum_i \\sum_j Y_{ij} \\log \\hat{Y}_{ij}",
    "\\frac{\\partial E}{\\partial \\hat{Y}_j^{(i)}} = -\\frac{Y_j^{(i)}}{\\hat{Y}_j^{(i)}}",
    "\\frac{\\partial E}{\\partial Z_j^{(i)}}= \\sum_{k=1}^c \\frac{\\partial E}{\\partial \\hat{Y}_k^{(i)}}\\frac{\\partial \\hat{Y}_k^{(i)}}{\\partial Z_j^{(i)}}",
  ],
  Ng: [
    "Z^{[1]} = W^{[1]} X + b^{[1]}",
    "A^{[1]} = \\tanh(Z^{[1]})",
    "Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]}",
    "A^{[2]} = \\sigma(Z^{[2]})",
    "J = -\\frac{1}{m} \\sum_i \\sum_k (y_{ki} \\log A^{[2]}_{ki} + (1 - y_{ki}) \\log (1 - A^{[2]}_{ki}))",
    "dZ^{[2]} = A^{[2]} - Y",
    "dW^{[2]} = \\frac{1}{m} dZ^{[2]} A^{[1]T}",
    "dZ^{[1]} = W^{[2]T} dZ^{[2]} * g'(Z^{[1]})",
    "dW^{[1]} = \\frac{1}{m} dZ^{[1]} X^T",
  ],
  CS224n: [
    "z = W x + b_1",
    "h = \\mathrm{ReLU}(z)",
    "\\theta = U h + b_2",
    "\\hat{y} = \\mathrm{softmax}(\\theta)",
    "J = CE(y, \\hat{y})",
    "J = -\\sum_i y_i \\log \\hat{y}_i",
    "\\delta_1 = \\frac{\\partial J}{\\partial \\theta} = (\\hat{y} - y)^T",
    "\\delta_2 = \\frac{\\partial J}{\\partial z} = \\delta_1 U \\circ \\mathrm{sgn}(h)",
    "\\frac{\\partial J}{\\partial U} = \\delta_1^T h^T",
    "\\frac{\\partial J}{\\partial W} = \\delta_2^T x^T",
  ],
  Bishop: [
    "a_j = \\sum_i w_{ji}^{(1)} x_i",
    "z_j = \\tanh(a_j)",
    "y_k = \\sum_j w_{kj}^{(2)} z_j",
    "E_n = \\frac{1}{2} \\sum_k (y_k - t_k)^2",
    "\\delta_k = y_k - t_k",
    "\\delta_j = (1 - z_j^2) \\sum_k w_{kj}^{(2)} \\delta_k",
    "\\frac{\\partial E_n}{\\partial w_{ji}^{(1)}} = \\delta_j x_i",
    "\\frac{\\partial E_n}{\\partial w_{kj}^{(2)}} = \\delta_k z_j",
  ],
};

const MARKS: Readonly<Record<string, string>> = {
  CS231n: "··––",
  "Dive into Deep Learning": "·––––––",
  "Dive into Deep Learning, with tanh and squared errors": "······✓✓✓✓✓✓",
  Nielsen: "–––",
  "Cross Validated 201914": "·····✗✓––",
  "Mathematics Stack Exchange 2815662": "····––",
  "AI Stack Exchange 35741": "···✓✓",
  Ng: "·····✗✗✓✗",
  CS224n: "····–··✗·–––",
  Bishop: "···–·–––",
};

describe("published derivations get the marks that docs/notes.md tells:", () => {
  it("ten of them", () => expect(Object.keys(PUBLISHED)).toEqual(Object.keys(MARKS)));

  it.each(Object.entries(PUBLISHED))("%s", (source, formulas) => {
    const { marks } = checkTexts([asNotes(formulas)]);
    expect(marks.map(({ mark }) => mark || "·").join("")).toBe(MARKS[source]);
  });
});
