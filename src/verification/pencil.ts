/** One entry of an equation, worked out by hand: is it right, and if not, which term is missing? */
import { checkWhole } from "../shapes";
import { figure } from "./number-text";
import { describe } from "./outcome";
import { type PencilPage, type PencilSum, pencilPages, type Term } from "./pencil-sums";

/** A place in a matrix; rows and columns count from 0. */
export interface Place {
  readonly row: number;
  readonly col: number;
}

/** What `pencil` answers: a line to read. */
export class PencilVerdict {
  constructor(
    /** The equation's id. */
    readonly equation: string,
    /** The entry: `dW2[0, 1]`. */
    readonly entry: string,
    /** Whether the number is right, to the digits that it has; `undefined` as long as there is none. */
    readonly passed: boolean | undefined,
    /** What there is to say, in a sentence or two. */
    readonly message: string,
  ) {}

  /** ✓, ✗, or ✎ as long as there is no number. */
  get mark(): string {
    if (this.passed === undefined) return "✎";
    return this.passed ? "✓" : "✗";
  }

  /** `✓ E11 dW2[0, 1]: …` */
  toString(): string {
    return `${this.mark} ${this.equation} ${this.entry}: ${this.message}`;
  }
}

/** A number that was rounded while working it out may be off by this share of what was added up. */
const PENCIL_ROUNDING = 0.005;

/**
 * Checks one entry that was worked out by hand, on the numbers of notebooks 01 to 04 (`paperNetwork`; E8 is that of its sample 0).
 *
 * A number is right if it is within half a per cent of what was added up, or if it is the right one rounded to its own digits, two
 * at least. Of a wrong one the sum's terms tell what became of them: which one was left out, or has the wrong sign.
 *
 * @param id "E1" … "E17"
 * @param place which entry of the result; a loss that is one number is row 0, column 0
 * @param value the number, or "?" as long as there is none
 * @throws if there is no such equation or no such entry; never because of the number
 */
export function pencil(id: string, place: Place, value: number | "?"): PencilVerdict {
  const page = pencilPages[id];
  if (page === undefined) {
    throw new RangeError(
      `pencil: there is no equation "${String(id)}"; expected E1 … E${Object.keys(pencilPages).length}`,
    );
  }
  const { row, col } = checkedPlace(id, page, place);
  const entry = page.rows === 1 && page.cols === 1 ? page.name : `${page.name}[${row}, ${col}]`;
  const verdict = (passed: boolean | undefined, message: string) => new PencilVerdict(id, entry, passed, message);
  if (value === "?") return verdict(undefined, "work it out on paper, and put your number in place of “?”.");
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return verdict(false, `expected a number, got ${describe(value)}.`);
  }
  const sum = page.sum(row, col);
  return isRight(value, sum) ? verdict(true, `right. ${worked(sum)}`) : verdict(false, complaint(value, page, sum));
}

function checkedPlace(id: string, { rows, cols, name }: PencilPage, place: Place): Place {
  const { row, col } = place ?? {};
  checkWhole("pencil", "row", row, 0);
  checkWhole("pencil", "col", col, 0);
  if (row >= rows || col >= cols) {
    throw new RangeError(
      `pencil: ${id} has no entry in row ${row}, column ${col}; ${name} is ${rows}×${cols}, and both count from 0`,
    );
  }
  return { row, col };
}

const add = (terms: readonly Term[]) => terms.reduce((sum, { value }) => sum + value, 0);

/** How far off a number may be that was rounded on the way. */
function allowance({ terms, finish }: PencilSum): number {
  const sizes = finish(terms.reduce((sum, { value }) => sum + Math.abs(value), 0));
  return PENCIL_ROUNDING * Math.max(Math.abs(sizes), Math.abs(finish(add(terms))));
}

function isRight(value: number, sum: PencilSum): boolean {
  const right = sum.finish(add(sum.terms));
  if (Math.abs(value - right) <= allowance(sum)) return true;
  const [, decimals = ""] = String(value).split(".");
  const digits = String(Math.abs(value)).replace(".", "").replace(/^0+/, "").length;
  return digits >= 2 && Number(right.toFixed(Math.min(decimals.length, 100))) === value;
}

/** The sum in numbers, as one would write it down. */
function worked({ terms, finish, ending = "" }: PencilSum): string {
  const result = figure(finish(add(terms)));
  const [only] = terms;
  const sum = terms.map(({ numbers }) => numbers).join(" + ");
  if (ending !== "") return `${sum}${ending}: that is ${result}.`;
  return terms.length === 1 && only.numbers === result ? `It is ${result}.` : `${sum} = ${result}.`;
}

/** What a wrong number looks like. Nothing is said that the number does not show. */
function complaint(value: number, page: PencilPage, sum: PencilSum): string {
  const { terms, finish, slips = [] } = sum;
  const right = finish(add(terms));
  const near = (other: number) =>
    other !== right && Math.abs(value - other) <= Math.max(allowance(sum), PENCIL_ROUNDING * Math.abs(other));
  const slip = slips.find(([other]) => near(other));
  if (slip !== undefined) return slip[1];
  const counted = terms.filter(({ value }) => value !== 0);
  if (counted.length > 1) {
    const without = counted.filter((term) => near(finish(add(terms) - term.value)));
    if (without.length > 0) return `the term ${either(without)} was left out.`;
    const alone = counted.filter((term) => near(finish(term.value)) || near(term.value));
    if (alone.length > 0) return `that is the term ${either(alone)} alone. What else is added?`;
    const turned = counted.filter((term) => near(finish(add(terms) - 2 * term.value)));
    if (turned.length > 0) return `the term ${either(turned)} has the wrong sign.`;
  }
  if (near(-right)) return "right but for the sign.";
  if (near(2 * right)) return "that is N = 2 times the right number. Where does the mean's 1/N come in?";
  if (near(right / 2)) return "that is half the right number. Has 1/N, which is ½ here, come in twice?";
  const other = otherEntry(page, near);
  if (other !== undefined)
    return `that is ${page.name}[${other.row}, ${other.col}]. Rows come first, and both count from 0.`;
  if (counted.length === 0) return "not this number. Which of the products have a 0 in them?";
  const count = counted.length === 1 ? "one term is not 0" : `${counted.length} terms are not 0`;
  return `not this number, and no single term explains it. In the sum ${count}: write down what is added, then add.`;
}

function either(terms: readonly Term[]): string {
  return terms.map(({ name }) => name).join(" or ");
}

/** An entry of the same result that has this value, if a single one has. */
function otherEntry({ rows, cols, sum }: PencilPage, near: (value: number) => boolean): Place | undefined {
  const places = Array.from({ length: rows * cols }, (_, k) => ({ row: Math.floor(k / cols), col: k % cols }));
  const found = places.filter(({ row, col }) => {
    const { terms, finish } = sum(row, col);
    const value = finish(add(terms));
    return value !== 0 && near(value);
  });
  return found.length === 1 ? found[0] : undefined;
}
