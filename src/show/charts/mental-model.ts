/** The mental model of the chain rule at the output: knobs Z₂ₖ → every A₂ⱼ → Lᵢ, each arrow weighted by its derivative. */
import { gradA2, softmaxJacobian } from "../../backward";
import { oneHot } from "../../data/labels";
import { softmax } from "../../forward";
import { kindOf, Matrix, numberOrKind } from "../../matrix";
import { Chart, type Part, spoken } from "./chart";
import { type Arrow, along, arrows, between, boxes, type Node, type Place, plane, type Words, words } from "./diagram";
import { indexed } from "./symbols";
import { isNarrow, type Shade } from "./theme";

const MOST_CLASSES = 6;
const BOX = { width: 92, height: 42 } as const;
const LOSS_BOX = { ...BOX, width: 112 } as const;
/** Where the columns of the picture stand. */
const COLUMN = { Z2: 50, A2: 230, L: 386, sums: 456 } as const;
const WIDTH = 660;
/** Above the boxes stand the columns' headings. */
const TOP = 28;
/** From line to line of the sums. */
const LINE = 22;

/** One sample: its numbers, from the logits to the loss, and back. */
interface Sample {
  readonly classes: readonly number[];
  readonly trueClass: number;
  readonly logits: readonly number[];
  readonly A2: readonly number[];
  readonly Y: readonly number[];
  readonly loss: number;
  /** ∂Lᵢ/∂A₂ⱼ */
  readonly dA2: readonly number[];
  /** ∂A₂ⱼ/∂Z₂ₖ */
  readonly slope: (j: number, k: number) => number;
}

/**
 * The computation graph from one sample's logits to its loss, with the learner's own numbers on nodes and arrows. A slider chooses one
 * knob k: its arrows ∂A₂ⱼ/∂Z₂ₖ are drawn in colour, blue above 0 and orange below, and beside the picture they are multiplied with
 * ∂Lᵢ/∂A₂ⱼ and added up (E9) to A₂ₖ − yₖ (E10).
 *
 * @param options `logits`, Z2 of one sample, 2 to 6 finite numbers; `trueClass`, its class id
 * @throws if the logits are no array, fewer or more, or one is not a finite number, or the class id is none of theirs
 */
export function mentalModel(options: { logits: readonly number[]; trueClass: number }): Chart {
  checkOptions(options);
  const sample = computed(options);
  const { classes, trueClass, logits, A2, Y, loss } = sample;
  const graph = Math.max(210, 62 * classes.length + TOP);
  const place = placesIn(graph, classes.length);
  return new Chart({
    title: `Each knob ${indexed("Z₂", "k")} turns every ${indexed("A₂", "j")}, and so the loss`,
    subtitle: `Every arrow carries its derivative: blue above 0, orange below. Multiply along each path from ${indexed("Z₂", "k")} to Lᵢ, then add up the paths.`,
    description: `The graph from ${classes.length} logits Z2 (${logits.map(spoken).join(", ")}) through softmax to A2 (${A2.map(spoken).join(", ")}) and to the loss ${spoken(loss)} of class ${trueClass}. For each k the paths add up to A₂ₖ − yₖ: ${classes
      .map((k) => spoken(A2[k] - Y[k]))
      .join(", ")}.`,
    spec: withSlider(
      plane(WIDTH, graph, [...arrowLayers(sample, place), ...boxLayers(sample, place), ...sumLayers(sample, graph)]),
      sample,
      graph,
    ),
  });
}

function computed({ logits, trueClass }: { logits: readonly number[]; trueClass: number }): Sample {
  const A2 = softmax(Matrix.fromRows([logits]));
  const Y = oneHot([trueClass], logits.length);
  const jacobian = softmaxJacobian(A2);
  return {
    classes: logits.map((_, k) => k),
    trueClass,
    logits,
    A2: A2.toRows()[0],
    Y: Y.toRows()[0],
    loss: -Math.log(A2.get(0, trueClass)),
    dA2: gradA2(A2, Y).toRows()[0],
    slope: (j, k) => jacobian.get(j, k),
  };
}

/** The middles of the boxes. */
interface Places {
  readonly Z2: (k: number) => Place;
  readonly A2: (j: number) => Place;
  readonly L: Place;
}

function placesIn(height: number, classes: number): Places {
  const y = (k: number) => ((k + 0.5) * (height - TOP)) / classes + TOP;
  return {
    Z2: (k) => ({ x: COLUMN.Z2, y: y(k) }),
    A2: (j) => ({ x: COLUMN.A2, y: y(j) }),
    L: { x: COLUMN.L, y: (height + TOP) / 2 },
  };
}

/** Layers that show the chosen knob alone. */
const ofChosen = [{ filter: "datum.k === k" }];

function sign(value: number): Shade {
  return value < 0 ? "vermillion" : "blue";
}

/** All arrows, faint; those of the chosen knob once more, in colour and with their numbers. */
function arrowLayers({ classes, trueClass, slope, dA2 }: Sample, place: Places): Part[] {
  const rightOf = ({ x, y }: Place) => ({ x: x + BOX.width / 2, y });
  const leftOf = ({ x, y }: Place, width: number) => ({ x: x - width / 2, y });
  const toA2 = classes.flatMap((k) =>
    classes.map((j) => ({
      ...between(rightOf(place.Z2(k)), leftOf(place.A2(j), BOX.width), 2),
      k,
      value: slope(j, k),
      tip: `∂${indexed("A₂", j)}/∂${indexed("Z₂", k)} = ${spoken(slope(j, k))}`,
    })),
  );
  const toLoss = classes.map((j) => ({
    ...between(rightOf(place.A2(j)), leftOf(place.L, LOSS_BOX.width), 2),
    value: dA2[j],
    isTrue: j === trueClass,
    tip: `∂Lᵢ/∂${indexed("A₂", j)} = ${spoken(dA2[j])}`,
  }));
  const faint: Arrow[] = toA2.map((arrow) => ({ ...arrow, colour: "faint", width: 1 }));
  const strong: Arrow[] = toA2.map((arrow) => ({
    ...arrow,
    colour: sign(arrow.value),
    width: 1 + 10 * Math.abs(arrow.value),
  }));
  const fromTrue: Arrow[] = toLoss.map((arrow) => ({
    ...arrow,
    colour: arrow.isTrue ? "vermillion" : "faint",
    width: arrow.isTrue ? 2.5 : 1,
    dashed: !arrow.isTrue,
  }));
  const slopes: Words[] = toA2.map((arrow) => ({
    ...along(arrow, 0.68),
    text: spoken(arrow.value),
    colour: sign(arrow.value),
    k: arrow.k,
  }));
  const slopesOfLoss: Words[] = toLoss.map((arrow) => ({
    ...along(arrow, 0.42),
    text: spoken(arrow.value),
    colour: arrow.isTrue ? "vermillion" : "quiet",
  }));
  return [
    arrows(faint),
    arrows(fromTrue),
    arrows(strong, ofChosen),
    words(slopes, { halo: true, bold: true }, ofChosen),
    words(slopesOfLoss, { halo: true, bold: true }),
  ];
}

function boxLayers({ classes, trueClass, logits, A2, loss }: Sample, place: Places): Part[] {
  const knobs: Node[] = classes.map((k) => ({
    ...place.Z2(k),
    k,
    text: `${indexed("Z₂", k)}\n${spoken(logits[k])}`,
    fill: "wash",
  }));
  const outputs: Node[] = classes.map((j) => ({
    ...place.A2(j),
    text: `${indexed("A₂", j)}${j === trueClass ? "  (true)" : ""}\n${spoken(A2[j])}`,
    fill: j === trueClass ? "greenWash" : "wash",
    stroke: j === trueClass ? "green" : "ink",
  }));
  const output: Node = {
    ...place.L,
    text: `Lᵢ = −ln ${indexed("A₂", trueClass)}\n${spoken(loss)}`,
    fill: "vermillionWash",
  };
  const headings: Words[] = [
    { x: COLUMN.Z2, y: 8, text: `logits ${indexed("Z₂", "k")}` },
    { x: (COLUMN.Z2 + COLUMN.A2) / 2, y: 8, text: `∂${indexed("A₂", "j")}/∂${indexed("Z₂", "k")}`, colour: "quiet" },
    { x: COLUMN.A2, y: 8, text: `softmax ${indexed("A₂", "j")}` },
    { x: (COLUMN.A2 + COLUMN.L) / 2 + 8, y: 8, text: `∂Lᵢ/∂${indexed("A₂", "j")}`, colour: "quiet" },
    { x: COLUMN.L, y: 8, text: "loss Lᵢ" },
  ];
  return [
    words(headings, { bold: true }),
    boxes(knobs, BOX),
    boxes(
      knobs.map((knob) => ({ ...knob, fill: "yellowWash" as const })),
      BOX,
      ofChosen,
    ),
    boxes(outputs, BOX),
    boxes([output], LOSS_BOX),
  ];
}

/** For each k: one line per path, their sum, and A₂ₖ − yₖ. They stand beside the graph, on a phone below it. */
function sumLayers({ classes, A2, Y, dA2, slope }: Sample, height: number): Part[] {
  const top = (height + TOP) / 2 - ((classes.length + 3.4) * LINE) / 2;
  const at = (line: number) => ({ x: COLUMN.sums, y: top + line * LINE, line });
  const heads: Words[] = classes.map((k) => ({ k, ...at(0), text: `∂Lᵢ/∂${indexed("Z₂", k)}, path by path` }));
  const paths: Words[] = classes.flatMap((k) =>
    classes.map((j) => ({
      k,
      ...at(j + 1.1),
      text: `j = ${j}:  ${spoken(dA2[j])} × ${inBrackets(slope(j, k))} = ${spoken(dA2[j] * slope(j, k) || 0)}`,
      colour: dA2[j] === 0 ? "quiet" : "ink",
    })),
  );
  const totals: Words[] = classes.flatMap((k) => {
    const sum = classes.reduce((total, j) => total + dA2[j] * slope(j, k), 0);
    const difference = `${indexed("A₂", k)} − ${indexed("y", k)} = ${spoken(A2[k])} − ${Y[k]} = ${spoken(A2[k] - Y[k])}`;
    return [
      { k, ...at(classes.length + 1.5), text: `sum = ${spoken(sum)}` },
      { k, ...at(classes.length + 2.5), text: difference, colour: "green" as const },
    ];
  });
  const below = [
    ...ofChosen,
    { calculate: `${isNarrow} ? 0 : datum.x`, as: "x" },
    { calculate: `${isNarrow} ? ${height + 24} + datum.line * ${LINE} : datum.y`, as: "y" },
  ];
  return [
    words(heads, { align: "left", bold: true }, below),
    words(paths, { align: "left", fontSize: 11.5 }, below),
    words(totals, { align: "left", fontSize: 11.5 }, below),
  ];
}

/** The slider for k; on a phone the plane is as wide as the graph alone, and higher by the sums. */
function withSlider(spec: Part, { classes, trueClass }: Sample, height: number): Part {
  const [width, , shades] = spec.params as readonly Part[];
  return {
    ...spec,
    params: [
      width,
      shades,
      { name: "unit", expr: `width / (${isNarrow} ? ${COLUMN.sums - 8} : ${WIDTH})` },
      { name: "height", expr: `${isNarrow} ? ${height + (classes.length + 4) * LINE + 12} : ${height}` },
      {
        name: "k",
        value: trueClass,
        bind: { input: "range", min: 0, max: classes.length - 1, step: 1, name: "the knob k " },
      },
    ],
  };
}

function inBrackets(value: number): string {
  return value < 0 ? `(${spoken(value)})` : spoken(value);
}

function checkOptions({ logits, trueClass }: { logits: readonly number[]; trueClass: number }): void {
  if (!Array.isArray(logits)) {
    throw new TypeError(`mentalModel: logits is ${kindOf(logits)}; expected an array of 2 to ${MOST_CLASSES} numbers`);
  }
  const C = logits.length;
  if (C < 2 || C > MOST_CLASSES) {
    throw new RangeError(
      `mentalModel: logits has ${C} numbers; expected 2 to ${MOST_CLASSES}, to have room for the arrows`,
    );
  }
  const wrong = logits.findIndex((logit) => !Number.isFinite(logit));
  if (wrong >= 0) {
    throw new RangeError(`mentalModel: logits[${wrong}] is ${numberOrKind(logits[wrong])}; expected a finite number`);
  }
  if (!Number.isInteger(trueClass) || trueClass < 0 || trueClass >= C) {
    throw new RangeError(
      `mentalModel: trueClass is ${numberOrKind(trueClass)}; expected a class id from 0 to ${C - 1}`,
    );
  }
}
