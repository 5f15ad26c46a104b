import { describe, expect, it } from "vitest";
import { gradA2, gradZ2, softmaxJacobian } from "../../../src/backward";
import { oneHot } from "../../../src/data/labels";
import { softmax } from "../../../src/forward";
import { Matrix } from "../../../src/matrix";
import { mentalModel } from "../../../src/show/charts";
import { drawn, wordsIn } from "./plotted";

const logits = [1.5, -0.5, 0.25];
const trueClass = 2;
const A2 = softmax(Matrix.fromRows([logits]));
const Y = oneHot([trueClass], 3);
const J = softmaxJacobian(A2);
const chart = mentalModel({ logits, trueClass });

function read(text: string): number {
  return Number(text.replaceAll("−", "-"));
}

/** A digit below the line. */
function low(k: number): string {
  return "₀₁₂₃"[k];
}

describe.each([0, 1, 2])("mentalModel with the slider at k = %s", (k) => {
  const words = wordsIn(chart, { k });

  it("weights the arrows from Z2_k by ∂A2_j/∂Z2_k, thicker for more", () => {
    const [weights] = drawn(chart, { k }).filter(
      ({ kind, rows }) => kind === "text" && rows.length === 3 && "k" in rows[0] && rows[0].k === k,
    );
    weights.items.forEach(({ text }, j) => {
      expect(read(String(text))).toBeCloseTo(J.get(j, k), 3);
    });
    const [arrows] = drawn(chart, { k }).filter(
      ({ kind, rows }) => kind === "rule" && rows.length === 3 && "k" in rows[0],
    );
    arrows.rows.forEach(({ width }, j) => {
      expect(width).toBeCloseTo(1 + 10 * Math.abs(J.get(j, k)), 4);
    });
  });

  it("multiplies along each path and adds up to A2_k − y_k", () => {
    const dA2 = gradA2(A2, Y);
    const products = words.filter((text) => text.startsWith("j = ")).map((text) => read(text.split(" = ").pop()!));
    expect(products).toHaveLength(3);
    products.forEach((product, j) => {
      expect(product).toBeCloseTo(dA2.data[j] * J.get(j, k), 2);
    });
    const right = gradZ2(A2, Y).data[k];
    expect(read(words.find((text) => text.startsWith("sum = "))!.slice(6))).toBeCloseTo(right, 3);
    expect(
      read(
        words
          .find((text) => text.startsWith(`A₂${low(k)} − y${low(k)}`))!
          .split(" = ")
          .pop()!,
      ),
    ).toBeCloseTo(right, 3);
  });
});

describe("mentalModel", () => {
  it("writes logits, probabilities and loss on the nodes", () => {
    const words = wordsIn(chart);
    logits.forEach((logit, k) => {
      expect(words).toContain(`Z₂${low(k)}\n${String(logit).replace("-", "−")}`);
    });
    expect(words).toContain(`A₂₂  (true)\n${Number(A2.data[2].toPrecision(3))}`);
    expect(words).toContain(`Lᵢ = −ln A₂₂\n${Number((-Math.log(A2.data[2])).toPrecision(3))}`);
  });

  it("weights the arrows to L_i by ∂L_i/∂A2_j, which is 0 but for the true class", () => {
    const words = wordsIn(chart);
    expect(words.filter((text) => text === "0")).toHaveLength(2);
    expect(words).toContain(`−${Number((1 / A2.data[2]).toPrecision(3))}`);
  });

  it("refuses too few or too many logits, and a class that is none of theirs", () => {
    expect(() => mentalModel({ logits: [1], trueClass: 0 })).toThrow(
      "mentalModel: logits has 1 numbers; expected 2 to 6",
    );
    expect(() => mentalModel({ logits: [1, 2, 3, 4, 5, 6, 7], trueClass: 0 })).toThrow("logits has 7 numbers");
    for (const trueClass of [2, -1, 0.5]) {
      expect(() => mentalModel({ logits: [1, 2], trueClass })).toThrow(
        `mentalModel: trueClass is ${trueClass}; expected a class id from 0 to 1`,
      );
    }
    expect(() => mentalModel({ logits: [1, 2], trueClass: "1" as never })).toThrow("trueClass is a string");
    expect(() => mentalModel({ logits: [1, Number.NaN], trueClass: 0 })).toThrow(
      "mentalModel: logits[1] is NaN; expected a finite number",
    );
    expect(() => mentalModel({ logits: [1, "2" as never], trueClass: 0 })).toThrow("logits[1] is a string");
    expect(() => mentalModel({ logits: undefined as never, trueClass: 0 })).toThrow(
      "mentalModel: logits is undefined; expected an array of 2 to 6 numbers",
    );
  });
});
