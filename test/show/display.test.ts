import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Chart, display, liveDisplay, Matrix } from "../../src";

const BROADCAST = Symbol.for("Jupyter.broadcast");
const globals = globalThis as Record<symbol, unknown>;

afterEach(() => {
  delete globals[BROADCAST];
  vi.restoreAllMocks();
});

const A = Matrix.fromRows([
  [1, -2],
  [0.5, 10],
]);
const chart = new Chart({
  title: "A dot",
  description: "One dot at (1, 2).",
  spec: {
    data: { values: [{ x: 1, y: 2 }] },
    mark: "point",
    encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
  },
});

/** What the kernel does with a cell's last expression. */
function shownByKernel(value: object): Record<string, unknown> {
  return (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for("Jupyter.display")]();
}

describe("a Matrix", () => {
  it("shows itself as an HTML table and as text, with its shape", () => {
    const bundle = shownByKernel(A);
    expect(Object.keys(bundle)).toEqual(["text/html", "text/plain"]);
    expect(bundle["text/html"]).toMatch(/<table.*2×2/s);
    expect(bundle["text/plain"]).toBe("Matrix 2×2\n  1.00  −2.00\n  0.50  10.00");
  });

  it("prints the same text in a terminal, and a transposed view its transposed entries", () => {
    expect(inspect(A)).toBe("Matrix 2×2\n  1.00  −2.00\n  0.50  10.00");
    expect(inspect(A.T)).toBe("Matrix 2×2\n   1.00   0.50\n  −2.00  10.00");
    expect(shownByKernel(A.T)["text/plain"]).toBe(inspect(A.T));
  });
});

describe("a Chart", () => {
  it("shows itself as Vega-Lite, as an image and in words", () => {
    const bundle = shownByKernel(chart);
    expect(Object.keys(bundle)).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/svg+xml",
      "image/png",
      "text/plain",
    ]);
    expect(bundle["application/vnd.vegalite.v5+json"]).toBe(chart.spec);
    expect(bundle["image/svg+xml"]).toMatch(/^<svg role="img" aria-label="One dot at \(1, 2\)\."/);
    expect(bundle["text/plain"]).toBe("A dot. One dot at (1, 2).");
  });

  it("prints its words in a terminal", () => {
    expect(inspect(chart)).toBe("A dot. One dot at (1, 2).");
  });
});

describe("the parts by themselves", () => {
  it("know nothing of notebooks before index.ts introduces them", async () => {
    vi.resetModules();
    const alone = await import("../../src/matrix");
    await import("../../src/show/display");
    expect(Symbol.for("Jupyter.display") in alone.Matrix.prototype).toBe(false);
    await import("../../src");
    expect(Symbol.for("Jupyter.display") in alone.Matrix.prototype).toBe(true);
  });
});

describe("in a notebook", () => {
  it("display sends the bundle to the front end", () => {
    const broadcast = vi.fn();
    globals[BROADCAST] = broadcast;
    display(A);
    expect(broadcast).toHaveBeenCalledExactlyOnceWith("display_data", {
      data: shownByKernel(A),
      metadata: {},
      transient: {},
    });
  });

  it("display sends the text that Node prints of any other value, and a string as it is", () => {
    const broadcast = vi.fn();
    globals[BROADCAST] = broadcast;
    for (const value of [{ a: [1, 2] }, "épsilon", undefined, null]) display(value);
    expect(broadcast.mock.calls.map(([, { data }]) => data)).toEqual(
      ["{ a: [ 1, 2 ] }", "épsilon", "undefined", "null"].map((text) => ({ "text/plain": text })),
    );
  });

  it("a live display replaces its own output and no other", () => {
    const sent: [string, { data: object; transient: { display_id: string } }][] = [];
    globals[BROADCAST] = (type: string, content: never) => sent.push([type, content]);
    const [one, other] = [liveDisplay(), liveDisplay()];
    for (const [live, text] of [
      [one, "a"],
      [one, "b"],
      [other, "c"],
      [one, "d"],
    ] as const)
      live.update(text);
    expect(sent.map(([type, { data }]) => [type, data])).toEqual([
      ["display_data", { "text/plain": "a" }],
      ["update_display_data", { "text/plain": "b" }],
      ["display_data", { "text/plain": "c" }],
      ["update_display_data", { "text/plain": "d" }],
    ]);
    const ids = sent.map(([, { transient }]) => transient.display_id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toBe(ids[3]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe("outside a notebook", () => {
  it("display and live displays write the text to the console", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    display(chart);
    liveDisplay().update("epoch 1");
    expect(log.mock.calls.map(([value]) => inspect(value))).toEqual(["A dot. One dot at (1, 2).", "'epoch 1'"]);
  });
});
