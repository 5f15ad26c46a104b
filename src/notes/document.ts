/** Whole notes: Markdown, or the texts of a notebook, formula after formula. */
import { type FormulaInText, textAndFormulas } from "../formula/in-text";
import type { Condition } from "./expression";
import { isOnIndices, statementsOf } from "./grammar";
import { Judge, type Mark } from "./judge";

/** A formula in a text, with the marks of its equations. */
export interface Judged {
  readonly latex: string;
  readonly display: boolean;
  readonly marks: readonly Mark[];
  /** The words by which the text says that the formula is not claimed: “wrong on purpose”. */
  readonly aside?: string;
}

/** A piece of notes: text as it stands, or a formula. */
export type Piece = string | Judged;

/** The marks of somebody's notes, in their order. */
export class NotesVerdict {
  readonly pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** Every mark. */
  get marks(): Mark[] {
    return this.#formulas.flatMap(({ marks }) => marks);
  }

  get #formulas(): Judged[] {
    return this.pieces.filter((piece) => typeof piece !== "string");
  }

  /** What is to be looked at again: the marks ✗ and –, but for what the text itself says is wrong. */
  get open(): Mark[] {
    return this.#formulas.flatMap(({ marks, aside }) =>
      aside === undefined ? marks.filter(({ mark }) => mark === "✗" || mark === "–") : [],
    );
  }

  /** Whether every equation that is claimed was read and is true. */
  get passed(): boolean {
    return this.open.length === 0 && this.falseAlarms.length === 0;
  }

  /** Formulas that the text calls wrong, and that are true. */
  get falseAlarms(): Judged[] {
    return this.#formulas.filter(
      ({ aside, marks }) => aside === WRONG && !marks.some(({ mark }) => mark === "✗" || mark === "–"),
    );
  }

  /** A line for each equation, and one that counts them. */
  toString(): string {
    const lines = this.#formulas.flatMap(({ marks, aside }) =>
      marks.filter(({ mark }) => mark !== "").flatMap((mark) => linesOf(mark, aside)),
    );
    return [...lines, this.summary].join("\n");
  }

  /** How many there are of each. */
  get summary(): string {
    const count = (sign: string) => this.marks.filter(({ mark }) => mark === sign).length;
    const counts = `${count("✓")} true, ${count("✗")} false, ${count("–")} that are no equations of numbers`;
    return this.marks.length === 0 ? "There is no equation in it." : `${counts}.`;
  }
}

function linesOf({ mark, latex, said, instead, remarks }: Mark, aside: string | undefined): string[] {
  const told = [said, ...remarks].map((text) => `    ${text}`);
  return [
    `${mark} ${latex}${aside === undefined ? "" : ` (${aside})`}`,
    ...told,
    ...(instead === undefined ? [] : [`    True is: ${instead}`]),
  ];
}

/** What a comment behind a formula says, so that nobody takes it for a claim. */
const WRONG = "wrong on purpose";
const ASIDE = /^[^\n]{0,40}?<!--\s*(wrong on purpose|not claimed)\s*-->/;
/** Words after which a formula is a condition. */
const CONDITION = /\b(if|when|unless|until|whether|once|suppose|assume|say)\s+(that\s+)?$/i;
const TRUE_CLASS =
  /(?:\$([a-z])\$[^.$]{0,20}\b(?:true|right|correct) class|\b(?:true|right|correct) class[^.$]{0,10}\$([a-z])\$)/g;

/** A text, cut into its formulas and what stands between them. */
interface Split {
  readonly text: string;
  readonly parts: readonly (string | FormulaInText)[];
}

/**
 * Judges notes.
 *
 * @param texts the texts, one after the other
 * @param before texts that come before them, whose definitions hold
 */
export function checkTexts(texts: readonly string[], before: readonly string[] = []): NotesVerdict {
  const split = texts.map((text) => ({ text, parts: textAndFormulas(text) }));
  const prelude = before.map((text) => ({ text, parts: textAndFormulas(text) }));
  const first = judged(split, prelude, new Set());
  // Where something is said twice, and not the same: the slip may be in what came first. The reading with fewer marks is the likelier.
  const restated = new Set(
    first.open.flatMap(({ mark, names }) => (mark === "✗" && names !== undefined ? [names] : [])),
  );
  const rivals = first.marks.filter(({ mark, names }) => mark === "" && names !== undefined && restated.has(names));
  return rivals
    .slice(0, 3)
    .map(({ latex }) => judged(split, prelude, new Set([latex])))
    .reduce((best, other) => (other.open.length < best.open.length ? other : best), first);
}

function judged(split: readonly Split[], prelude: readonly Split[], passedOver: ReadonlySet<string>): NotesVerdict {
  const formulas = [...prelude, ...split].flatMap(({ parts }) =>
    parts.flatMap((part) => (typeof part === "string" ? [] : [part.latex])),
  );
  const judge = new Judge(formulas, passedOver);
  for (const { text, parts } of prelude) piecesOf(judge, text, parts);
  const pieces = split.flatMap(({ text, parts }, k) => [...(k === 0 ? [] : ["\n\n"]), ...piecesOf(judge, text, parts)]);
  // What was used before it was defined is looked at again, as long as that helps.
  for (let helped = true; helped; ) {
    helped = false;
    judge.nextText();
    judge.nextSection();
    for (const [k, piece] of pieces.entries()) {
      if (typeof piece === "string" || !piece.marks.some(({ mark, undefinedYet }) => mark === "–" && undefinedYet))
        continue;
      const marks = judge.formula(piece.latex);
      const open = (of: readonly Mark[]) => of.filter(({ mark }) => mark === "–").length;
      if (open(marks) >= open(piece.marks)) continue;
      pieces[k] = { ...piece, marks };
      helped = true;
    }
  }
  return new NotesVerdict(pieces);
}

function piecesOf(judge: Judge, text: string, parts: readonly (string | FormulaInText)[]): Piece[] {
  judge.nextText();
  for (const [, one, other] of text.matchAll(TRUE_CLASS)) judge.network.trueClass.add(one ?? other);
  let beside: Condition[] = [];
  // What stands in a block “What the notes say” is quoted.
  let quoted = false;
  return parts.map((part, k) => {
    if (typeof part === "string") {
      if (/^#+ /m.test(part)) judge.nextSection();
      if (/\n\s*\n/.test(part)) beside = /:\s*$/.test(part) || /,[^.]*$/.test(part) ? beside : [];
      quoted =
        /<summary>What the notes say/.test(part.split("</details>").at(-1) ?? "") ||
        (quoted && !part.includes("</details>"));
      return part;
    }
    const { latex, display } = part;
    const [previous, next] = [parts[k - 1], parts[k + 1]];
    const marked = typeof next === "string" ? ASIDE.exec(next)?.[1] : undefined;
    const isCondition = typeof previous === "string" && !display && CONDITION.test(previous);
    for (const statement of statementsOf(latex)) {
      if (!display && statement.kind === "condition" && isOnIndices(statement.condition))
        beside = [...beside, statement.condition];
    }
    const aside = marked ?? (quoted ? "quoted" : isCondition ? "a condition" : undefined);
    const marks = aside === "a condition" || aside === "not claimed" ? [] : judge.formula(latex, display ? beside : []);
    if (display) beside = [];
    return { latex, display, marks, ...(aside === undefined ? {} : { aside }) };
  });
}
