import { expect, it } from "vitest";
import type { Output } from "../../src/site/executed-notebook";
import { renderOutput } from "../../src/site/output";

const context = { place: "some.ipynb, cell 1", path: "/some.ipynb", pageOf: () => undefined };
const render = (output: Output) => String(renderOutput(output, context));
const data = (bundle: Record<string, unknown>) => render({ output_type: "execute_result", data: bundle });

it("a chart is its image, and its specification waits beside it without being able to end the script", () => {
  const spec = { description: 'a "b" <c>', title: "</script><b>" };
  const html = data({
    "application/vnd.vegalite.v5+json": spec,
    "image/svg+xml": ["<svg>", "</svg>"],
    "text/plain": "words",
  });
  const svg = Buffer.from("<svg></svg>").toString("base64");
  expect(html).toContain(`<img src="data:image/svg+xml;base64,${svg}" alt="a &quot;b&quot; &lt;c&gt;">`);
  const json = /<script type="application\/json">(.*)<\/script><\/figure>$/.exec(html)?.[1] ?? "";
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual(spec);
});

it("a chart without an image is its words", () => {
  expect(data({ "application/vnd.vegalite.v5+json": {}, "text/plain": "a < b" })).toContain(
    "<figcaption>a &lt; b</figcaption>",
  );
});

it("of several forms the richest is shown", () => {
  expect(data({ "text/html": "<b>x</b>", "text/plain": "no" })).toBe('<div class="html"><b>x</b></div>');
  expect(data({ "text/markdown": "**x**", "text/plain": "no" })).toContain("<strong>x</strong>");
  expect(data({ "text/latex": "$\\frac12$", "text/plain": "no" })).toContain("katex");
  expect(data({ "image/png": "iVBORw0K\n", "text/plain": "alt" })).toContain(
    '<img src="data:image/png;base64,iVBORw0K" alt="alt">',
  );
  expect(data({ "text/plain": "1 < 2" })).toBe("<pre>1 &lt; 2</pre>");
});

it("what was printed is shown as it was, without a terminal's colours", () => {
  expect(render({ output_type: "stream", name: "stdout", text: ["\u001b[31m<a>\u001b[0m\n", "  b\n"] })).toBe(
    '<pre class="stdout">&lt;a&gt;\n  b\n</pre>',
  );
  expect(render({ output_type: "stream", name: "stderr", text: "x" })).toBe('<pre class="stderr">x</pre>');
  expect(render({ output_type: "error", ename: "RangeError", evalue: "no", traceback: [] })).toBe(
    '<pre class="stderr">RangeError: no</pre>',
  );
});
