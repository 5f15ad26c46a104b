/** What others write just as rightly is not marked, and what is spoiled is, at its place. */
import { describe, expect, it } from "vitest";
import { checkTexts, type Judged } from "../../src/notes/document";
import { asNotes, REWRITTEN, RIGHT, spoiled } from "./derivations";

const marksOf = (formulas: readonly string[]) =>
  checkTexts([asNotes(formulas)]).pieces.filter((piece): piece is Judged => typeof piece !== "string");

const isOpen = ({ marks }: Judged) => marks.some(({ mark }) => mark === "✗" || mark === "–");

describe("right as it is:", () => {
  it("the derivation itself", () => {
    expect(marksOf(RIGHT).filter(isOpen)).toEqual([]);
  });

  it("there are twenty rewritings", () => {
    expect(Object.keys(REWRITTEN).length).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.entries(REWRITTEN))("%s", (_, formulas) => {
    const verdict = checkTexts([asNotes(formulas)]);
    expect(verdict.open).toEqual([]);
    expect(verdict.marks.filter(({ mark }) => mark === "✓").length).toBeGreaterThanOrEqual(2);
  });
});

/** Every copy of the derivation with one formula spoiled at one place; what only names something has nothing that it could contradict. */
const copies = RIGHT.flatMap((latex, k) => (k < 5 ? [] : spoiled(latex).map((spoil) => ({ ...spoil, k }))));

describe("spoiled copies", () => {
  it("are forty or more", () => {
    expect(copies.length).toBeGreaterThanOrEqual(40);
    expect(new Set(copies.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(7);
  });

  it.each(copies)("$rule: $latex", ({ latex, k }) => {
    const formulas = marksOf(RIGHT.map((right, place) => (place === k ? latex : right)));
    const marked = formulas.flatMap((formula, place) => (isOpen(formula) ? [place] : []));
    expect(marked).toEqual([k]);
    const [mark] = formulas[k].marks.filter((one) => one.mark === "✗" || one.mark === "–");
    expect(mark.instead, mark.said).toBeDefined();
  });
});
