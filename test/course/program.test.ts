/** Statements that TypeScript lets pass and Node.js does not take: they alone are left out, and are told as what they are. */
import { describe, expect, it } from "vitest";
import { type Notebook, parseNotebook } from "../../src/course/notebook";
import { CellChecker } from "../../src/course/program/cell-checker";
import { programOf } from "../../src/course/program/program";
import { masters, notebookOf, solutionText } from "./classroom";
import { root } from "./solutions";

const master = masters.get("forward-pass") as Notebook;
const F1 = solutionText("forward-pass", "F1");
const checker = new CellChecker(root);
const programWith = (F1: string) => programOf(master, parseNotebook(notebookOf("forward-pass", { F1 })), checker);

describe("what Node.js does not take", () => {
  it.each([
    ["a bracket that is not closed", "/(/", /Unterminated group/],
    ["nothing to repeat", "/+/", /Nothing to repeat/],
    ["a property that there is not", "/\\p{Letters}/u", /Invalid property name/],
    ["a range out of order", "/[z-a]/", /Range out of order/],
  ])("%s: the rest of its cell runs, and the name is known as broken by Node.js", (_, pattern, why) => {
    const own = `// @ts-ignore\nconst pattern = ${pattern};`;
    for (const source of [`${own}\n${F1}`, `${F1}\n${own}`]) {
      const { declared, broken, flags, code } = programWith(source);
      expect(declared).toContain("leakyRelu");
      expect(declared).not.toContain("pattern");
      expect(broken.get("pattern")).toMatchObject({ foundBy: "Node.js", text: expect.stringMatching(why) });
      expect(flags.join()).toMatch(/has a statement that was left out: Invalid regular expression/);
      expect(() => new Function(`return async () => {${code}}`)).not.toThrow();
    }
  });

  it("several in one cell are counted", () => {
    const { broken, flags, declared } = programWith(
      `// @ts-ignore\nconst a = /(/;\n// @ts-ignore\nconst b = /+/;\n${F1}`,
    );
    expect([...broken.keys()]).toEqual(["a", "b"]);
    expect(flags.join()).toMatch(/and 1 more/);
    expect(declared).toContain("leakyRelu");
  });

  it("a function with it in it is broken, and only that", () => {
    const { broken, declared } = programWith(
      `${F1.replace("return", "// @ts-ignore\n  /(/.test('');\n  return")}\nfunction other() { return 1; }`,
    );
    expect(broken.get("leakyRelu")).toMatchObject({ foundBy: "Node.js" });
    expect(declared).toContain("other");
  });
});
