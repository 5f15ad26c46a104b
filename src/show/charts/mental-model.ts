/** The mental model of the chain rule at the output: knobs Z2_k → every A2_j → L_i, each arrow weighted by its derivative. */
import { gradA2, softmaxJacobian } from "../../backward";
import { oneHot } from "../../data/labels";
import { softmax } from "../../forward";
import { kindOf, Matrix, numberOrKind } from "../../matrix";
import { Chart, spoken } from "./chart";
import { type Arrow, arrows, between, boxes, type Node, type Words, words } from "./diagram";
import { colours, palette } from "./theme";

const MOST_CLASSES = 6;
const BOX = { width: 92, height: 42 } as const;
/** Where the columns of the picture stand. */
const COLUMN = { Z2: 50, A2: 230, L: 386, sums: 456 } as const;

/**
 * The computation graph from one sample's logits to its loss, with the learner's own numbers on nodes and arrows. A slider chooses one
 * knob k: its arrows ∂A2_j/∂Z2_k are drawn in colour, blue above 0 and orange below, and beside the picture they are multiplied with
 * ∂L_i/∂A2_j and added up (E9) to A2_k − y_k (E10).
 *
 * @param options `logits`, Z2 of one sample, 2 to 6 finite numbers; `trueClass`, its class id
 * @throws if the logits are no array, fewer or more, or one is not a finite number, or the class id is none of theirs
 */
export function mentalModel({ logits, trueClass }: { logits: readonly number[]; trueClass: number }): Chart {
  if (!Array.isArray(logits)) {
    throw new TypeError(`mentalModel: logits is ${kindOf(logits)}; expected an array of 2 to ${MOST_CLASSES} numbers`);
  }
  const C = logits.length;
  if (C < 2 || C > MOST_CLASSES) {
    throw new RangeError(
      `mentalModel: logits has ${C} numbers; expected 2 to ${MOST_CLASSES}, to have room for the arrows`,
    );
  }
  for (const [k, logit] of logits.entries()) {
    if (Number.isFinite(logit)) continue;
    throw new RangeError(`mentalModel: logits[${k}] is ${numberOrKind(logit)}; expected a finite number`);
  }
  if (!Number.isInteger(trueClass) || trueClass < 0 || trueClass >= C) {
    throw new RangeError(
      `mentalModel: trueClass is ${numberOrKind(trueClass)}; expected a class id from 0 to ${C - 1}`,
    );
  }
  const Y = oneHot([trueClass], C);
  const A2 = softmax(Matrix.fromRows([logits]));
  const jacobian = softmaxJacobian(A2);
  const dA2 = gradA2(A2, Y);
  const loss = -Math.log(A2.data[trueClass]);

  const height = Math.max(210, 62 * C + 28);
  const yOf = (j: number) => ((j + 0.5) * (height - 28)) / C + 28;
  const classes = Array.from({ length: C }, (_, j) => j);
  const Z = classes.map((k) => ({ x: COLUMN.Z2, y: yOf(k), k }));
  const A = classes.map((j) => ({ x: COLUMN.A2, y: yOf(j), j }));
  const L = { x: COLUMN.L, y: (height + 28) / 2 };

  const knobs: Node[] = Z.map(({ x, y, k }) => ({ x, y, k, text: `Z2_${k}\n${spoken(logits[k])}`, fill: "#f3f5f7" }));
  const chosen: Node[] = knobs.map((knob) => ({ ...knob, fill: palette.yellow }));
  const outputs: Node[] = A.map(({ x, y, j }) => ({
    x,
    y,
    text: `A2_${j}${j === trueClass ? "  (true)" : ""}\n${spoken(A2.data[j])}`,
    fill: j === trueClass ? "#d8f0e8" : "#f3f5f7",
    stroke: j === trueClass ? colours.right : colours.ink,
  }));
  const lossNode: Node = { ...L, text: `L_i = −ln A2_${trueClass}\n${spoken(loss)}`, fill: "#fbe6d8" };

  const toA = Z.flatMap((from) =>
    A.map((to) => {
      const value = jacobian.get(to.j, from.k);
      return {
        ...between({ x: from.x + BOX.width / 2, y: from.y }, { x: to.x - BOX.width / 2, y: to.y }, 2, 2),
        k: from.k,
        j: to.j,
        value,
        tip: `∂A2_${to.j}/∂Z2_${from.k} = ${spoken(value)}`,
      };
    }),
  );
  const toL: Arrow[] = A.map(({ x, y, j }) => ({
    ...between({ x: x + BOX.width / 2, y }, { x: L.x - 58, y: L.y }, 2, 2),
    colour: j === trueClass ? colours.wrong : colours.faint,
    width: j === trueClass ? 2.5 : 1,
    dashed: j !== trueClass,
    tip: `∂L_i/∂A2_${j} = ${spoken(dA2.data[j])}`,
  }));
  const strong: Arrow[] = toA.map(({ value, ...arrow }) => ({
    ...arrow,
    colour: value < 0 ? colours.wrong : palette.blue,
    width: 1 + 10 * Math.abs(value),
  }));
  const weights: Words[] = toA.map(({ x, y, x2, y2, k, value }) => ({
    x: x + 0.68 * (x2 - x),
    y: y + 0.68 * (y2 - y),
    text: spoken(value),
    colour: value < 0 ? colours.wrong : palette.blue,
    k,
  }));
  const weightsToL: Words[] = toL.map(({ x, y, x2, y2 }, j) => ({
    x: x + 0.42 * (x2 - x),
    y: y + 0.42 * (y2 - y),
    text: spoken(dA2.data[j]),
    colour: j === trueClass ? colours.wrong : colours.quiet,
  }));
  const sums = sumsOver(classes, height, { A2, Y, jacobian, dA2 });
  const onlyChosen = [{ filter: "datum.k === k" }];

  return new Chart({
    title: "Each knob Z2_k turns every A2_j, and so the loss",
    subtitle:
      "Every arrow carries its derivative: blue above 0, orange below. Multiply along each path from Z2_k to L_i, then add up the paths.",
    description: `The graph from ${C} logits Z2 (${logits.map(spoken).join(", ")}) through softmax to A2 (${Array.from(A2.data, spoken).join(", ")}) and to the loss ${spoken(loss)} of class ${trueClass}. For each k the paths add up to A2_k − y_k: ${classes
      .map((k) => spoken(A2.data[k] - Y.data[k]))
      .join(", ")}.`,
    spec: {
      width: 660,
      height,
      params: [
        {
          name: "k",
          value: trueClass,
          bind: { input: "range", min: 0, max: C - 1, step: 1, name: "the knob k " },
        },
      ],
      layer: [
        arrows(toA.map(({ value: _, ...arrow }) => ({ ...arrow, colour: colours.faint, width: 1 }))),
        arrows(toL),
        arrows(strong, onlyChosen),
        words(weights, { halo: true, bold: true }, onlyChosen),
        words(weightsToL, { halo: true, bold: true }),
        words(
          [
            { x: COLUMN.Z2, y: 8, text: "logits Z2_k" },
            { x: (COLUMN.Z2 + COLUMN.A2) / 2, y: 8, text: "∂A2_j/∂Z2_k", colour: colours.quiet },
            { x: COLUMN.A2, y: 8, text: "softmax A2_j" },
            { x: (COLUMN.A2 + COLUMN.L) / 2 + 8, y: 8, text: "∂L_i/∂A2_j", colour: colours.quiet },
            { x: COLUMN.L, y: 8, text: "loss L_i" },
          ],
          { bold: true },
        ),
        boxes(knobs, BOX),
        boxes(chosen, BOX, onlyChosen),
        boxes(outputs, BOX),
        boxes([lossNode], { ...BOX, width: 112 }),
        words(sums.heads, { align: "left", bold: true }, onlyChosen),
        words(sums.lines, { align: "left", fontSize: 11.5 }, onlyChosen),
        words(sums.totals, { align: "left", fontSize: 11.5 }, onlyChosen),
      ],
    },
  });
}

/** For each k: one line per path, their sum, and A2_k − y_k. */
function sumsOver(
  classes: readonly number[],
  height: number,
  { A2, Y, jacobian, dA2 }: { A2: Matrix; Y: Matrix; jacobian: Matrix; dA2: Matrix },
): { heads: Words[]; lines: Words[]; totals: Words[] } {
  const step = 22;
  const top = (height + 28) / 2 - ((classes.length + 3.4) * step) / 2;
  const x = COLUMN.sums;
  const heads = classes.map((k) => ({ k, x, y: top, text: `∂L_i/∂Z2_${k}, path by path` }));
  const lines = classes.flatMap((k) =>
    classes.map((j) => ({
      k,
      x,
      y: top + (j + 1.1) * step,
      text: `j = ${j}:  ${spoken(dA2.data[j])} × ${inBrackets(jacobian.get(j, k))} = ${spoken(dA2.data[j] * jacobian.get(j, k) || 0)}`,
      colour: dA2.data[j] === 0 ? colours.quiet : colours.ink,
    })),
  );
  const totals = classes.flatMap((k) => {
    const sum = classes.reduce((total, j) => total + dA2.data[j] * jacobian.get(j, k), 0);
    const y = top + (classes.length + 1.5) * step;
    return [
      { k, x, y, text: `sum = ${spoken(sum)}`, colour: colours.ink },
      {
        k,
        x,
        y: y + step,
        text: `A2_${k} − y_${k} = ${spoken(A2.data[k])} − ${Y.data[k]} = ${spoken(A2.data[k] - Y.data[k])}`,
        colour: colours.right,
      },
    ];
  });
  return { heads, lines, totals };
}

function inBrackets(value: number): string {
  return value < 0 ? `(${spoken(value)})` : spoken(value);
}
