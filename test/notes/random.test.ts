/** Whatever stands between dollar signs: it is answered, and in time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTexts } from "../../src/notes/document";
import { RIGHT } from "./derivations";

const pieces = [
  ..."abcdehijkxyzNDHCLXYZ0123456789+-=/.,()[]{}|&^_' ",
  ..."\\frac \\sum \\partial \\ln \\log \\exp \\sqrt \\text{loss} \\mathrm{softmax} \\mathrm{ReLU} \\sigma \\delta_{jk} \\odot \\cdot".split(
    " ",
  ),
  ..."\\left( \\right) \\begin{cases} \\end{cases} \\begin{aligned} \\end{aligned} \\\\ \\top \\to \\neq \\le \\in \\quad \\mathbf{1} \\max \\nabla".split(
    " ",
  ),
  "Z_1",
  "A_{2j}",
  "W_2^\\top",
  "\\frac{\\partial L}{\\partial Z_2}",
  "e^{Z_{2j}}",
  "\\sum_{j \\neq k}",
];
const latex = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(" "));

describe("random LaTeX", () => {
  it("is never thrown at anybody, in the notes of a network or alone", () => {
    fc.assert(
      fc.property(latex, (formula) => {
        const verdict = checkTexts([`$$${RIGHT[0]}$$\n\n$$${formula}$$`]);
        expect(typeof verdict.toString()).toBe("string");
      }),
      { numRuns: 400, seed: 17 },
    );
  });

  it("is never thrown at anybody where a right formula lost or gained a character", () => {
    const spoiled = fc
      .tuple(fc.constantFrom(...RIGHT), fc.nat(200), fc.constantFrom(...pieces), fc.boolean())
      .map(([formula, at, piece, isCut]) => {
        const k = at % formula.length;
        return `${formula.slice(0, k)}${isCut ? "" : piece}${formula.slice(k + 1)}`;
      });
    fc.assert(
      fc.property(spoiled, (formula) => {
        const verdict = checkTexts([
          `${RIGHT.slice(0, 5)
            .map((right) => `$$${right}$$`)
            .join("\n\n")}\n\n$$${formula}$$`,
        ]);
        expect(typeof verdict.toString()).toBe("string");
      }),
      { numRuns: 120, seed: 17 },
    );
  });

  it("ends also where it is deep, long or wide", () => {
    for (const formula of [
      `${"(".repeat(3000)}x${")".repeat(3000)} = x`,
      `${"\\frac{1}{".repeat(500)}x${"}".repeat(500)} = x`,
      `Z_1 ${"+ Z_1 ".repeat(2000)} = 0`,
      `${"x = ".repeat(500)}x`,
      `x^{${"9".repeat(30)}} = 1`,
      `${"\\sum_i ".repeat(40)} X_{ij} = Y_{j}`,
    ]) {
      expect(checkTexts([`$$${RIGHT[0]}$$ $$${formula}$$`]).pieces.length).toBeGreaterThan(0);
    }
  });
});
