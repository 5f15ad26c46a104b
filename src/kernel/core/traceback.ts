/** What a front end is told of an error: its name, its message, and where in the learner's code it happened. */
import type { Problem } from "../compiler/problems";
import type { KernelHost } from "./host";
import { describePlace, type Frame, type Listing, type Place } from "./listing";

/** The content of an `error` message, and part of the reply to a cell that failed. */
export interface ErrorReport {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell that the type checker refuses. */
export class TypeScriptError extends Error {
  /** @param problems what is wrong, at least one; the files' names are from the project's root */
  constructor(
    readonly problems: readonly Problem[],
    readonly cell: { count: number; source: string },
  ) {
    super(problems[0].message);
    // TypeScript numbers errors of syntax from 1000 on, those of meaning from 2000.
    this.name = problems.some(({ code }) => code < 2000) ? "SyntaxError" : "TypeScriptError";
  }
}

/** How far the causes of causes are followed: an error may be its own. */
const MOST_CAUSES = 3;

const RED = "\u001b[31m";
const BOLD = "\u001b[1m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";

/** Turns whatever was thrown into an {@link ErrorReport}. */
export class Reporter {
  readonly #listing: Listing;
  readonly #inspect: KernelHost["inspect"];

  /**
   * @param listing knows where code was written
   * @param inspect writes a value as text
   */
  constructor(listing: Listing, inspect: KernelHost["inspect"]) {
    this.#listing = listing;
    this.#inspect = inspect;
  }

  /** The report of `error`, which need not be an `Error`, and may be of a kind that can't be looked at. */
  report(error: unknown): ErrorReport {
    try {
      return this.#report(error, MOST_CAUSES);
    } catch (unreadable) {
      const evalue = `an error that can't be shown, since looking at it throws (${typeof unreadable})`;
      return { ename: "Thrown", evalue, traceback: [heading("Thrown", evalue)] };
    }
  }

  #report(error: unknown, depth: number): ErrorReport {
    if (error instanceof TypeScriptError) return this.#reportTypes(error);
    if (!isError(error)) {
      const evalue = this.#inspect(error);
      return {
        ename: "Thrown",
        evalue,
        traceback: [heading("Thrown", evalue), "a value that is not an Error was thrown"],
      };
    }
    const ename = nameOf(error);
    const evalue = String(error.message);
    const frames = this.#listing.framesOf(error);
    const traceback = [heading(ename, evalue)];
    if (frames.length > 0) traceback.push(...this.#excerpt(frames[0].place));
    traceback.push(...callsIn(frames));
    for (const inner of depth > 0 ? causesOf(error) : []) {
      const { traceback: lines } = this.#report(inner.error, depth - 1);
      traceback.push(`${inner.relation}:`, ...lines.map((line) => `  ${line}`));
    }
    return { ename, evalue, traceback };
  }

  #reportTypes(error: TypeScriptError): ErrorReport {
    const { problems, cell, name } = error;
    const parts = problems.map(({ file, start, end, message }) => {
      const place: Place = {
        name: file ?? `Cell [${cell.count}]`,
        line: start.line + 1,
        column: start.character + 1,
        isCell: file === undefined,
      };
      const width = end.line === start.line ? end.character - start.character : 1;
      const where = place.isCell ? `${place.name}, line ${place.line}, column ${place.column}` : describePlace(place);
      return { where, message, excerpt: this.#excerpt(place, width) };
    });
    const evalue = parts.map(({ where, message }) => `${where}: ${message}`).join("\n");
    const traceback = parts.flatMap(({ where, message, excerpt }) => [
      `${RED}${BOLD}${name}${PLAIN} at ${where}: ${message}`,
      ...excerpt,
    ]);
    return { ename: name, evalue, traceback };
  }

  /** The line that something is wrong with, and a mark under the place. */
  #excerpt(place: Place, width = 1): string[] {
    const line = this.#listing.lineAt(place);
    if (line === undefined) return [];
    const number = `${place.line} | `;
    const indent = " ".repeat(number.length - 2);
    const before = line.slice(0, place.column - 1).replace(/[^\t]/g, " ");
    return [`  ${number}${line}`, `  ${indent}| ${before}${RED}${"^".repeat(Math.max(width, 1))}${PLAIN}`];
  }
}

function heading(ename: string, evalue: string): string {
  return `${RED}${BOLD}${ename}${PLAIN}${evalue === "" ? "" : `: ${evalue}`}`;
}

/** The calls that led to the error; a function that calls itself is not repeated. */
function callsIn(frames: Frame[]): string[] {
  const lines: string[] = [];
  let repeats = 0;
  frames.forEach(({ text }, i) => {
    if (i > 0 && text === frames[i - 1].text) repeats++;
    else lines.push(text);
  });
  const shown = lines.map((text) => `${DIM}    at ${text}${PLAIN}`);
  return repeats > 0 ? [...shown, `${DIM}    (and ${repeats} more like these)${PLAIN}`] : shown;
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function nameOf(error: Error): string {
  const name = String(error.name || "Error");
  const className = error.constructor?.name;
  return name === "Error" && className ? className : name;
}

function causesOf(error: Error): { relation: string; error: unknown }[] {
  const causes = error.cause === undefined ? [] : [{ relation: "Caused by", error: error.cause }];
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...causes, ...errors.map((inner) => ({ relation: "One of its errors", error: inner }))];
}
