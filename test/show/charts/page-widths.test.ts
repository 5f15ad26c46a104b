/** On a phone as on a laptop, no chart is wider than the page, and no two of its words meet. */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { Matrix } from "../../../src/matrix";
import { Random } from "../../../src/random";
import { type Chart, weightImages, worstMistakes } from "../../../src/show/charts";
import { textWidth } from "../../../src/show/charts/text-width";
import { gallery } from "./gallery";

const require = createRequire(import.meta.url);
const vega = require("vega");
const vegaLite = require("vega-lite");

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart laid out for a window of some width: how wide it is, and where its words stand. */
function laidOut(chart: Chart, page: number) {
  vega.textMetrics.width = ({ fontSize = 11 }, text: unknown) => Math.ceil(fontSize * textWidth(String(text ?? "")));
  const spec = structuredClone(chart.spec) as unknown as { params: { name: string; expr?: string }[] };
  for (const param of spec.params) if (param.name === "theme_page") param.expr = String(page);
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "none" }).run();
  const { left, right } = view.padding();
  return {
    width: (view._viewWidth + left + right) as number,
    boxes: boxesIn(view.scenegraph().root),
    /** Where the words stand when a learner has chosen something. */
    with(signal: string, value: unknown): Box[] {
      return boxesIn(view.signal(signal, value).run().scenegraph().root);
    },
  };
}

interface Node {
  readonly marktype?: string;
  readonly items?: readonly (Node & Item)[];
}

interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly text?: unknown;
  readonly opacity?: number;
  readonly stroke?: string;
  readonly bounds: { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };
}

function boxesIn(node: Node, x = 0, y = 0): Box[] {
  return (node.items ?? []).flatMap((item): Box[] => {
    if (node.marktype !== "text") {
      return (item.items ?? []).flatMap((child) => boxesIn(child, x + (item.x ?? 0), y + (item.y ?? 0)));
    }
    const text = [item.text ?? ""].flat().join(" ").trim();
    // a halo is no second word
    if (text === "" || item.opacity === 0 || item.stroke) return [];
    const { x1, x2, y1, y2 } = item.bounds;
    return [{ text, left: x + x1, right: x + x2, top: y + y1, bottom: y + y2 }];
  });
}

/** The gallery, laid out once for each page. */
const opened = new Map<string, ReturnType<typeof laidOut>>();
function inGallery(name: string, page: number) {
  const key = `${name} ${page}`;
  const known = opened.get(key) ?? laidOut(gallery[name], page);
  opened.set(key, known);
  return known;
}

/** Pairs of words of which one covers a part of the other. That they touch is no harm, nor that a lit box has its words once more. */
function meeting(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, k) =>
    boxes
      .slice(k + 1)
      .filter(
        (b) =>
          !(a.text === b.text && a.left === b.left && a.top === b.top) &&
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3,
      )
      .map((b) => `${a.text} / ${b.text}`),
  );
}

describe("the check itself", () => {
  it("sees words that meet", () => {
    const box = (text: string, left: number) => ({ text, left, right: left + 20, top: 0, bottom: 10 });
    expect(meeting([box("a", 0), box("b", 15), box("c", 34)])).toEqual(["a / b"]);
  });
});

// a page's margins are 16 pixels on either side
describe.each([
  [390, 358],
  [1280, 720],
])("on a page of %s pixels", (page, most) => {
  it.each(Object.keys(gallery))("%s", (name) => {
    const { width, boxes } = inGallery(name, page);
    expect(width).toBeLessThanOrEqual(most);
    expect(meeting(boxes)).toEqual([]);
  });

  it("mapWalk at each of its 17 stops", () => {
    const walk = inGallery("mapWalk", page);
    for (let stop = 0; stop < 17; stop++) expect(meeting(walk.with("stop", stop)), `stop ${stop}`).toEqual([]);
  });
});

describe("panels", () => {
  const titlesOf = (name: string, page: number) =>
    inGallery(name, page).boxes.filter(({ text }) => /^(W[12]|A1|dZ1|dW1)$/.test(text));

  it.each(["weightHistograms", "weightHeatMap", "signalHistograms"])("of %s have their titles in line", (name) => {
    const [wide, narrow] = [titlesOf(name, 1280), titlesOf(name, 390)];
    expect(wide.length).toBeGreaterThan(1);
    expect(new Set(wide.map(({ top }) => top)).size).toBe(1);
    expect(new Set(narrow.map(({ top }) => top)).size).toBe(wide.length);
    for (const { left } of narrow) expect(left).toBeCloseTo(narrow[0].left, 0);
  });
});

it("pictures use the width of the page", () => {
  const sixteen = weightImages(new Random(1).normalMatrix(64, 16));
  expect(laidOut(sixteen, 1280).width).toBeGreaterThan(600);
  expect(laidOut(sixteen, 390).width).toBeGreaterThan(330);
  const X = Matrix.generate(12, 64, (i, j) => ((i + 1) * j) % 17).scale(1 / 16);
  const worst = worstMistakes(
    X,
    Array(12).fill(0),
    Matrix.generate(12, 3, () => 1 / 3),
  );
  expect(laidOut(worst, 1280).width).toBeGreaterThan(600);
});

it.each(Object.entries(gallery))("%s writes indices as the text does: Z₂ₖ, not Z2_k", (name, chart) => {
  const { boxes } = inGallery(name, 1280);
  expect([chart.title, chart.description, ...boxes.map(({ text }) => text)].join("\n")).not.toMatch(/[A-Z]\d?_[a-z]/);
});
