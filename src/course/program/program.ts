/**
 * From a submitted notebook to one program for the sandbox.
 *
 * Cells are matched to the master's by their grade ids: given cells come from the master, checks are left out, and what
 * the student wrote is taken as it is, in its order. All cells see each other's names, by the kernel's rule. Functions are
 * there from the start, so neither an earlier cell that fails nor the order of the cells matters. A statement that throws
 * does not keep those below it from running: in the notebook it may well be right, with data and checks that are not here.
 * Statements that TypeScript rejects are left out, one by one, and so are those that Node.js does not take.
 */
import type ts from "typescript";
import { parse, syntaxErrors } from "../../kernel/compiler/compiler";
import { declaredNames } from "../../kernel/compiler/names";
import { problemOf } from "../../kernel/compiler/problems";
import { type Cell, gradeIdOf, type Notebook, sourceOf } from "../notebook";
import { type CellChecker, type StatementError, without } from "./cell-checker";

/** A submission made ready. */
export interface Program {
  /** The body of an async function of `require`, `$begin`, `$failed`, `$check`, `$boxes` and `$namespaceOf`; it returns the names' values. */
  readonly code: string;
  /** The functions that the notebook declares. */
  readonly declared: readonly string[];
  /** Why declarations were left out, by their names. */
  readonly broken: ReadonlyMap<string, Problem>;
  /** The names that are declared in cells that hold no code (any more), and what those cells are. */
  readonly inText: ReadonlyMap<string, string>;
  /** What was done to the notebook's graded parts, for the teacher. */
  readonly flags: readonly string[];
  /** How many cells there are; they are counted in this order. */
  readonly cells: number;
}

/** Why a declaration was left out. */
export interface Problem {
  readonly foundBy: "TypeScript" | "Node.js";
  /** Where and what. */
  readonly text: string;
}

/** More source than this is not looked at. */
const MOST_SOURCE = 1_000_000;

/**
 * @param master the instructor's notebook
 * @param submission the student's
 * @param checker says which statements TypeScript rejects
 */
export function programOf(master: Notebook, submission: Notebook, checker: CellChecker): Program {
  const { sources, checks, inText, flags } = chosenCells(master, submission);
  let left = MOST_SOURCE;
  const files = sources.map((source, k) => {
    left -= source.length;
    return parse(`cell-${k}.ts`, left < 0 ? "" : source);
  });
  if (left < 0) flags.push("The notebook holds more than a million characters of code; the rest was not looked at.");
  const known = new Set(files.flatMap(({ statements }) => [...declaredNames(statements).keys()]));
  const broken = new Map<string, Problem>();
  const declared = new Set<string>();
  const refused: string[] = [];
  checker.begin();
  const cells = files.map((file, cell) => {
    const extents = file.statements.map((node) => ({ start: node.getStart(file), end: node.end }));
    const syntax = syntaxProblems(file);
    const legible = without(
      file.text,
      extents.filter((_, place) => syntax.has(place)),
    );
    const { code, errors } = checker.check(legible, extents, known);
    for (const [place, node] of file.statements.entries()) {
      const { foundBy = "TypeScript", message, start } = errors.get(place) ?? syntax.get(place) ?? {};
      if (foundBy === "Node.js")
        refused.push(`Code cell ${cell + 1} of those that were run has a statement that was left out: ${message}`);
      for (const name of valuesOf(node)) {
        if (start === undefined) declared.add(name);
        else {
          const line = file.getLineAndCharacterOfPosition(start).line + 1;
          broken.set(name, { foundBy, text: `line ${line} of its cell: ${message}` });
        }
      }
    }
    return code;
  });
  flags.push(
    ...refused.slice(0, 1).map((told) => (refused.length > 1 ? `${told} (and ${refused.length - 1} more)` : told)),
  );
  for (const name of declared) broken.delete(name);
  const code = assembled(cells, checks, declared);
  return { code, declared: [...declared], broken, inText, flags, cells: files.length };
}

/** The cells of a submission. */
interface Chosen {
  /** Those that are run. */
  readonly sources: string[];
  /** The ids of what the notebook checks before each of them, and after the last. */
  readonly checks: string[][];
  readonly inText: Map<string, string>;
  /** What is remarkable about them. */
  readonly flags: string[];
}

function chosenCells(master: Notebook, submission: Notebook): Chosen {
  const flags: string[] = [];
  const inText = new Map<string, string>();
  const checks = new Map<number, string[]>();
  const known = new Map(master.cells.flatMap((cell) => (gradeIdOf(cell) ? [[gradeIdOf(cell) as string, cell]] : [])));
  const kernel = submission.metadata.kernelspec?.name;
  if (kernel !== "tslab") {
    const name = kernel === undefined ? "not named" : `"${kernel.slice(0, 40)}"`;
    flags.push(`The notebook's kernel is ${name} instead of "tslab".`);
  }
  const seen = new Set<string>();
  const sources: string[] = [];
  for (const cell of submission.cells) {
    const id = gradeIdOf(cell);
    const original = id === undefined ? undefined : known.get(id);
    if (id !== undefined && original !== undefined) {
      if (seen.has(id)) flags.push(`The cell ${id} is there more than once.`);
      seen.add(id);
      const { locked, grade } = original.metadata.nbgrader ?? {};
      if (locked && sourceOf(cell).trim() !== sourceOf(original).trim()) {
        flags.push(`The cell ${id} was changed; the original was used.`);
      }
      if (locked && grade) {
        if (original.cell_type === "code") checks.set(sources.length, [...(checks.get(sources.length) ?? []), id]);
        continue;
      }
      if (locked) {
        sources.push(sourceOf(original));
        continue;
      }
    }
    if (cell.cell_type === "code") sources.push(sourceOf(cell));
    else if (cell.cell_type !== original?.cell_type) {
      for (const [, name] of sourceOf(cell).matchAll(/\b(?:function|const|let|var)\s+(\w+)/g)) {
        inText.set(name, cell.cell_type);
      }
    }
  }
  const missing = [...known].filter(([id]) => !seen.has(id));
  for (const [id] of missing) flags.push(`The cell ${id} is missing.`);
  const given = missing.filter(([, cell]) => isGiven(cell)).map(([, cell]) => sourceOf(cell));
  const all = [...given, ...sources];
  const before = Array.from({ length: all.length + 1 }, (_, k) => checks.get(k - given.length) ?? []);
  return { sources: all, checks: before, inText, flags };
}

function isGiven({ cell_type, metadata }: Cell): boolean {
  return cell_type === "code" && metadata.nbgrader?.locked === true && metadata.nbgrader.grade !== true;
}

/** The first syntax error within each statement that has one, by its place. */
function syntaxProblems(file: ts.SourceFile): Map<number, StatementError> {
  const found = new Map<number, StatementError>();
  for (const error of syntaxErrors(file)) {
    const { start } = error;
    const place = file.statements.findIndex(({ pos, end }) => start >= pos && start <= end);
    const { message } = problemOf(error, () => true);
    if (place >= 0 && !found.has(place)) found.set(place, { start, message });
  }
  return found;
}

/** The names that a statement gives a value; what `declare` names, or an import, has one already. */
function valuesOf(node: ts.Statement): string[] {
  return [...declaredNames([node])].flatMap(([name, { value, ambient }]) =>
    value === undefined || value === "import" || ambient ? [] : [name],
  );
}

/**
 * The cells as the body of one async function. Imports and functions of all cells are there before the first one begins; a
 * cell's own count again when it is its turn. What the notebook checks between two cells is asked there.
 */
function assembled(
  cells: readonly (string | undefined)[],
  checks: readonly (readonly string[])[],
  declared: ReadonlySet<string>,
): string {
  return `"use strict";
const $cells = [
${cells.map((cell) => cell ?? "{ imports: [], run: async function* () {} }").join(",\n")}
].map(({ imports, run }, cell) => {
  const failed = (error) => $failed(cell, error);
  const follow = () => imports.forEach((one) => {
    try { $boxes.follow(one, require(one.specifier)); } catch (error) { failed(error); }
  });
  const load = async (specifier) => $namespaceOf(require(String(specifier)));
  const box = (name, isVar) => $boxes.box(name, isVar);
  const begins = (statement) => $begin(cell, statement);
  return { follow, steps: run({ box, load, failed, begins, meta: {}, result: undefined }, require) };
});
const $valueOf = (name) => () => $boxes.stateOf(name) && $boxes.box(name).v;
const $names = Object.fromEntries(${JSON.stringify([...declared])}.map((name) => [name, $valueOf(name)]));
const $checks = ${JSON.stringify(checks)};
for (const { follow, steps } of $cells) { follow(); await steps.next(); }
for (const [cell, { follow, steps }] of $cells.entries()) {
  $check($checks[cell], $names);
  follow();
  await steps.next();
}
$check($checks[$cells.length], $names);
return $names;`;
}
