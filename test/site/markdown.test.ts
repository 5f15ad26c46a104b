import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Headings, markdownHtml, outputHtml } from "../../src/site/markdown";

const root = join(import.meta.dirname, "../..");
const context = {
  place: "some.ipynb, cell 1",
  path: join(root, "notebooks/some.ipynb"),
  pageOf: (path: string) =>
    path === join(root, "notebooks/02-softmax-and-cross-entropy.ipynb") ? "02.html" : undefined,
};
const html = (markdown: string) => markdownHtml(markdown, context);

/** The LaTeX that KaTeX keeps beside each formula it has typeset. */
function typesetIn(page: string): string[] {
  return [...page.matchAll(/<annotation encoding="application\/x-tex">(.*?)<\/annotation>/gs)].map((match) => match[1]);
}

describe("formulas", () => {
  it.each([
    ["in a line", "Take $x_1$, $y$ and *then* $a \\cdot b$.", ["x_1", "y", "a \\cdot b"]],
    ["with what Markdown would take for its own", "$a_1 * b_1 * c_2$ and $a < b$", ["a_1 * b_1 * c_2", "a &lt; b"]],
    [
      "on lines of their own",
      "Text\n\n$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$\n\nmore",
      [expect.stringContaining("aligned")],
    ],
    ["right below a text", "so that\n$$x = 1$$\nand", ["x = 1"]],
    ["in a table", "| a | b |\n|---|---|\n| $x$ | $\\vert y \\vert$ |", ["x", "\\vert y \\vert"]],
    ["in a list, in a heading, in bold", "- $a$\n\n## The $b$\n\n**$c$**", ["a", "b", "c"]],
    [
      "with cases and text",
      "$$f = \\begin{cases} 1 & \\text{if } z > 0 \\\\ 0 & \\text{otherwise} \\end{cases}$$",
      [expect.stringContaining("cases")],
    ],
  ])("%s are typeset", (_, markdown, latex) => {
    expect(typesetIn(html(markdown))).toEqual(latex);
    expect(html(markdown).replace(/<annotation.*?<\/annotation>|<[^>]*>/gs, "")).not.toContain("$");
  });

  it("in code are code", () => {
    expect(html("`$x$` and\n\n```ts\nconst price = $y$;\n```")).not.toContain("katex");
  });

  it("need two dollar signs", () => {
    expect(html("It costs 5 $, or $ 5, or \\$5 and \\$6.")).toContain("It costs 5 $, or $ 5, or $5 and $6.");
  });

  it("in the HTML of an output are typeset, and in its code they are not", () => {
    const page = outputHtml("<div>$A &lt; B$ <code>$x$</code> and <b>$\\frac12$</b></div>", context);
    expect(typesetIn(page)).toEqual(["A &lt; B", "\\frac12"]);
    expect(page).toContain("<code>$x$</code>");
  });

  it("that are wrong are named, with their place", () => {
    expect(() => html("one $\\frac{1$ two")).toThrow(
      /^some\.ipynb, cell 1: the formula \$\\frac\{1\$ can't be typeset: Unexpected end of input.*\.$/,
    );
  });
});

describe("headings", () => {
  it("have JupyterLab's places, each once on its page", () => {
    const headings = new Headings();
    markdownHtml(
      "# One · two\n\n## Your `turn`\n\n## Your *turn*\n\n## What $e^{1000}$ does\n\n## a < b",
      context,
      headings,
    );
    expect(headings.list.map(({ level, id }) => [level, id])).toEqual([
      [1, "One-·-two"],
      [2, "Your-turn"],
      [2, "Your-turn--2"],
      [2, "What-$e^{1000}$-does"],
      [2, "a-<-b"],
    ]);
  });
});

describe("links", () => {
  it("to a notebook lead to its page, to a place on it", () => {
    expect(html("[E8](02-softmax-and-cross-entropy.ipynb#E8-·-The-softmax-Jacobian)")).toContain(
      'href="02.html#E8-%C2%B7-The-softmax-Jacobian"',
    );
  });

  it("within a page and into the web stay", () => {
    expect(html("[a](#Summary), [b](https://example.org/)")).toMatch(
      /href="#Summary".*href="https:\/\/example\.org\/"/,
    );
  });

  it("to other files of the project are words: the book does not have them", () => {
    expect(html("see [the data](../data/README.md)")).toContain("see <span>the data</span>");
  });

  it("to a file that is not there are an error", () => {
    expect(() => html("[x](07-nothing.ipynb)")).toThrow(
      "some.ipynb, cell 1 links to 07-nothing.ipynb, which is not there.",
    );
  });
});

describe("images", () => {
  it("of the project and attached ones carry their data; those of the web become links", () => {
    const attachments = { "a.png": { "image/png": "iVBORw0KGgo=\n" } };
    const page = markdownHtml("![here](attachment:a.png) ![there](https://example.org/b.png)", {
      ...context,
      attachments,
    });
    expect(page).toContain('<img src="data:image/png;base64,iVBORw0KGgo=" alt="here" />');
    expect(page).toContain('<a href="https://example.org/b.png">there</a>');
  });

  it("that are not there are an error", () => {
    expect(() => html("![x](nothing.png)")).toThrow("some.ipynb, cell 1 shows nothing.png, which is not there.");
    expect(() => html("![x](attachment:nothing.png)")).toThrow("nothing.png, which is not attached to it");
  });
});

describe("what could act or load is left out", () => {
  it.each([
    ["scripts", "<script>alert(1)</script>ok"],
    ["event handlers", '<b onclick="alert(1)">ok</b>'],
    ["links that run", '<a href="javascript:alert(1)">ok</a>'],
    ["links that run, in Markdown", "[ok](javascript:alert(1))"],
    ["images from elsewhere", 'ok<img src="https://example.org/alert(1).png">'],
    ["styles that load", '<b style="background: url(//example.org/alert(1).png)">ok</b>'],
    ["styles that hide the page", '<b style="position: fixed; alert(1)">ok</b>'],
    ["frames and forms", '<iframe src="alert(1)"></iframe><form action="alert(1)"><input></form>ok'],
    ["drawings that run", "<svg><script>alert(1)</script></svg>ok"],
  ])("%s", (_, markdown) => {
    for (const page of [markdownHtml(markdown, context), outputHtml(markdown, context)]) {
      expect(page).toContain("ok");
      expect(page).not.toMatch(/<(script|iframe|form|input|svg)|onclick|javascript:alert.*<\/a>|example\.org|position/);
      if (!markdown.startsWith("[")) expect(page).not.toContain("alert(1)");
    }
  });

  it("what only shows itself stays", () => {
    const shown =
      '<details><summary>A</summary><kbd>B</kbd><table><tbody><tr><td style="color:rgba(213, 94, 0, 0.75)" title="t">1</td></tr></tbody></table></details>';
    expect(outputHtml(shown, context)).toBe(shown);
  });
});
