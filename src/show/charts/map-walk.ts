/** A walk over the map, click by click, with the numbers of the paper network. */
import {
  gradA1,
  gradA2,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  reluPrime,
  softmaxJacobian,
} from "../../backward";
import { paperNetwork } from "../../data/paper-network";
import { crossEntropy, crossEntropyPerSample, forward } from "../../forward";
import { Matrix } from "../../matrix";
import { CHAIN, chainLayers, chainOf, marked } from "./chain";
import { Chart, type Part, spoken } from "./chart";
import { plane, type Words, words } from "./diagram";
import { isNarrow } from "./theme";

/** One click: an equation, the matrices that go in and the one that comes out, and the line of code. */
export interface Stop {
  readonly equation: string;
  /** Names of the map's boxes that it reads, and of the one that it fills. */
  readonly reads: readonly string[];
  readonly fills: string;
  /** What is written down: matrices by name, with signs between them. */
  readonly line: readonly (string | readonly [name: string, value: Matrix])[];
  readonly code: string;
}

/** All stops, forward and back, with the numbers of the paper network. */
export function stops(): Stop[] {
  const { X, Y, parameters } = paperNetwork;
  const { W1, b1, W2, b2 } = parameters;
  const { Z1, A1, Z2, A2 } = forward(X, parameters);
  const [L, loss] = [crossEntropyPerSample(A2, Y), Matrix.fromRows([[crossEntropy(A2, Y)]])];
  const [dA2, dZ2] = [gradA2(A2, Y), gradZ2(A2, Y)];
  const [dA1, mask, dZ1] = [gradA1(dZ2, W2), reluPrime(Z1), gradZ1(dZ2, W2, Z1)];
  const J = softmaxJacobian(A2.row(0));
  const stop = (equation: string, reads: string, fills: string, code: string, line: Stop["line"]): Stop => ({
    equation,
    reads: reads.split(" "),
    fills,
    code,
    line,
  });
  return [
    stop("E1", "X W1 b1", "Z1", "Z1 = affine(X, W1, b1)", [
      ["X", X],
      "·",
      ["W1", W1],
      "+",
      ["b1", b1],
      "=",
      ["Z1", Z1],
    ]),
    stop("E2", "Z1", "A1", "A1 = relu(Z1)", ["ReLU", ["Z1", Z1], "=", ["A1", A1]]),
    stop("E3", "A1 W2 b2", "Z2", "Z2 = affine(A1, W2, b2)", [
      ["A1", A1],
      "·",
      ["W2", W2],
      "+",
      ["b2", b2],
      "=",
      ["Z2", Z2],
    ]),
    stop("E4", "Z2", "A2", "A2 = softmax(Z2)", ["softmax", ["Z2", Z2], "=", ["A2", A2]]),
    stop("E5", "A2", "Lᵢ", "L = crossEntropyPerSample(A2, Y)", ["−Σ", ["Y", Y], "⊙ ln", ["A2", A2], "=", ["Lᵢ", L]]),
    stop("E6", "Lᵢ", "loss", "loss = crossEntropy(A2, Y)", ["mean of", ["Lᵢ", L], "=", ["loss", loss]]),
    stop("E7", "start A2", "dA2", "dA2 = gradA2(A2, Y)", ["−½ ·", ["Y", Y], "/", ["A2", A2], "=", ["dA2", dA2]]),
    stop("E8", "A2", "dZ2", "J = softmaxJacobian(A2.row(0))", [["A2, row 0", A2.row(0)], "gives", ["J", J]]),
    stop("E9", "dA2 A2", "dZ2", "dZ2 = gradZ2ByChainRule(A2, Y)", [
      ["dA2, row 0", dA2.row(0)],
      "·",
      ["J", J],
      "=",
      ["dZ2, row 0", dZ2.row(0)],
    ]),
    stop("E10", "start A2", "dZ2", "dZ2 = gradZ2(A2, Y)", ["½ · (", ["A2", A2], "−", ["Y", Y], ") =", ["dZ2", dZ2]]),
    stop("E11", "A1 dZ2", "dW2", "dW2 = gradW2(A1, dZ2)", [
      ["A1ᵀ", A1.T.toMatrix()],
      "·",
      ["dZ2", dZ2],
      "=",
      ["dW2", gradW2(A1, dZ2)],
    ]),
    stop("E12", "dZ2", "db2", "db2 = gradB2(dZ2)", ["column sums of", ["dZ2", dZ2], "=", ["db2", gradB2(dZ2)]]),
    stop("E13", "dZ2 W2", "dA1", "dA1 = gradA1(dZ2, W2)", [
      ["dZ2", dZ2],
      "·",
      ["W2ᵀ", W2.T.toMatrix()],
      "=",
      ["dA1", dA1],
    ]),
    stop("E14", "Z1", "dZ1", "mask = reluPrime(Z1)", ["ReLU′", ["Z1", Z1], "=", ["mask", mask]]),
    stop("E15", "dA1 Z1", "dZ1", "dZ1 = gradZ1(dZ2, W2, Z1)", [["dA1", dA1], "⊙", ["mask", mask], "=", ["dZ1", dZ1]]),
    stop("E16", "X dZ1", "dW1", "dW1 = gradW1(X, dZ1)", [
      ["Xᵀ", X.T.toMatrix()],
      "·",
      ["dZ1", dZ1],
      "=",
      ["dW1", gradW1(X, dZ1)],
    ]),
    stop("E17", "dZ1", "db1", "db1 = gradB1(dZ1)", ["column sums of", ["dZ1", dZ1], "=", ["db1", gradB1(dZ1)]]),
  ];
}

/** Sizes in pixels: of a letter of a matrix, of a sign, between lines and between parts; and where a line begins and ends. */
interface Page {
  readonly character: number;
  readonly sign: number;
  readonly line: number;
  readonly gap: number;
  readonly left: number;
  readonly right: number;
}

const FONT_SIZE = 11.5;
const LAPTOP: Page = { character: 7, sign: 7.2, line: 16, gap: 12, left: 8, right: CHAIN.width };
/** With the smallest letters, which grow with the window. */
const PHONE: Page = { character: 5.5, sign: 6, line: 13, gap: 8, left: 0, right: 264 };
/** Where the equation and its line of code stand, below the map. */
const TOP = CHAIN.height + 26;
/** What lines of numbers need below the map, on a laptop and on a phone. */
const ROOM = { laptop: 140, phone: 232 } as const;

/**
 * The map with one equation after the other lit up, in the order in which a training step goes through them. Below it stand the
 * numbers of the network of notebooks 01 to 04 that go in and come out, and the line of code.
 */
export function mapWalk(): Chart {
  const { X, Y, parameters } = paperNetwork;
  const chain = chainOf({ N: X.rows, D: X.cols, H: parameters.W1.cols, C: Y.cols });
  const nodes = { ...chain.forward.boxes, ...chain.backward.boxes };
  const all = stops();
  const lit = all.flatMap(({ reads, fills }, at) => [...reads, fills].map((name) => ({ ...nodes[name], at })));
  const here: Part[] = [{ filter: "datum.at === stop" }];
  const letter = `max(9, ${FONT_SIZE} * sqrt(unit)) / 9`;
  const onPage = [
    ...here,
    { calculate: `${isNarrow} ? datum.phoneX * ${letter} / unit : datum.x`, as: "x" },
    { calculate: `${isNarrow} ? ${TOP} + (datum.phoneY - ${TOP}) * ${letter} : datum.y`, as: "y" },
  ];
  const written = all.flatMap((stop, at) => writtenDown(stop, TOP + 34).map((text) => ({ ...text, at })));
  return new Chart({
    title: "A walk over the map, one equation a click",
    subtitle:
      "Yellow: what the equation reads, and what it makes. The numbers are those of the network of notebooks 01 to 04: 2 samples, 5 inputs, 4 units, 3 classes.",
    description: `The map of the 17 equations with the numbers of two samples: the loss is ${spoken(crossEntropy(forward(X, parameters).A2, Y))}. Chosen by a click, each equation shows what goes in, what comes out, and its line of code.`,
    spec: plane(
      CHAIN.width,
      TOP + ROOM.laptop,
      [
        ...chainLayers(chain),
        marked(lit, here),
        words(
          all.map(({ equation, code }, at) => ({ x: 8, y: TOP, text: `${equation}    ${code}`, at })),
          { align: "left", bold: true, fontSize: 14 },
          here,
        ),
        words(
          written.filter(({ sign }) => !sign),
          { align: "left", fontSize: FONT_SIZE, mono: true },
          onPage,
        ),
        words(
          written.filter(({ sign }) => sign),
          { align: "left", fontSize: 13 },
          onPage,
        ),
      ],
      [
        { name: "height", expr: `${TOP} + (${isNarrow} ? ${ROOM.phone} : ${ROOM.laptop})` },
        {
          name: "stop",
          value: 0,
          bind: {
            input: "radio",
            options: all.map((_, at) => at),
            labels: all.map(({ equation }) => equation),
            name: " ",
          },
        },
      ],
    ),
  });
}

/** A part of an equation in numbers, and how wide it is. */
interface Piece {
  readonly part: Stop["line"][number];
  readonly width: number;
}

/** An equation in numbers, in lines: names above, matrices below, signs between. A sign goes with what follows it. */
function placed({ line }: Stop, top: number, page: Page): (Words & { sign: boolean })[] {
  const pieces = line.map((part): Piece => {
    if (typeof part === "string") return { part, width: page.sign * part.length + page.gap };
    const [name, value] = part;
    return { part, width: page.character * Math.max(tableLines(value)[0].length, name.length) + page.gap };
  });
  const lines: Piece[][] = [[]];
  let end = page.left;
  for (const [k, piece] of pieces.entries()) {
    const withNext = typeof piece.part === "string" ? (pieces[k + 1]?.width ?? 0) : 0;
    const isSigned = typeof pieces[k - 1]?.part === "string";
    if (end + piece.width + withNext > page.right && end > page.left && !isSigned) {
      lines.push([]);
      end = page.left;
    }
    lines[lines.length - 1].push(piece);
    end += piece.width;
  }
  let y = top;
  return lines.flatMap((inLine) => {
    const tallest = Math.max(...inLine.map(({ part }) => (typeof part === "string" ? 1 : part[1].rows)));
    const middle = y + 18 + ((tallest - 1) * page.line) / 2;
    y += 24 + tallest * page.line;
    let x = page.left;
    return inLine.flatMap(({ part, width }) => {
      const left = x;
      x += width;
      if (typeof part === "string") return [{ x: left, y: middle, text: part, sign: true }];
      const [name, value] = part;
      const first = middle - ((value.rows - 1) * page.line) / 2;
      return [
        { x: left, y: first - 18, text: name, colour: "quiet" as const, sign: false },
        ...tableLines(value).map((text, row) => ({ x: left, y: first + row * page.line, text, sign: false })),
      ];
    });
  });
}

/** The same on a laptop, and, as `phoneX` and `phoneY`, on a phone. */
function writtenDown(stop: Stop, top: number): (Words & { sign: boolean })[] {
  const onPhone = placed(stop, top, PHONE);
  return placed(stop, top, LAPTOP).map((text, k) => ({ ...text, phoneX: onPhone[k].x, phoneY: onPhone[k].y }));
}

/** A matrix as lines of one width. Blanks that a browser would join are hard ones. */
function tableLines(A: Matrix): string[] {
  const cells = A.toRows().map((row) => row.map((x) => short(x)));
  const widths = cells[0].map((_, j) => Math.max(...cells.map((row) => row[j].length)));
  return cells.map((row) => row.map((cell, j) => cell.padStart(widths[j], "\u00a0")).join("\u00a0"));
}

/** Two decimals at most. */
function short(x: number): string {
  return String(Number(x.toFixed(2)) || 0).replace("-", "−");
}
