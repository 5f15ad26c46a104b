/**
 * The coverage table: every equation of the notes, where it is taught, the function that computes it, and how that is checked.
 *
 * All of it comes from the registry. The README and notebook 00 show the same table.
 */
import { equations } from "../equations";
import type { Equation, SymbolShape } from "../equations/equation";
import { verify } from "../verify";
import { DISPLAY, type Forms } from "./present";

/** Options of `coverageTable`. */
export interface CoverageOptions {
  /** What stands before a notebook's name in the links; "" where the table is in a notebook itself. */
  readonly notebooks?: string;
}

const HEADER = [
  "equation",
  "formula",
  "function",
  "shapes",
  "mistakes known by name",
  "checked against",
  "`verify`",
] as const;

/** A table that a notebook shows as such, and whose text is Markdown. */
export class CoverageTable {
  /** The table in Markdown, one line per equation. */
  readonly markdown: string;

  constructor(rows: readonly (readonly string[])[]) {
    const lines = [HEADER, HEADER.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
    this.markdown = `${lines.join("\n")}\n`;
  }

  /** What a notebook's kernel asks for. */
  [DISPLAY](): Forms {
    return { "text/markdown": this.markdown, "text/plain": this.markdown };
  }

  /** The Markdown. */
  toString(): string {
    return this.markdown;
  }
}

/**
 * One row per equation of the registry, each with a fresh verdict on the function in `src`.
 *
 * The links go to cells by their ids: the cell that opens with the heading of E8 has the id E8. JupyterLab and nbconvert find
 * cells so; headings they do not find if there is a letter beyond ASCII in them.
 *
 * @param options `notebooks: "notebooks/"` for a page at the project's root
 */
export function coverageTable({ notebooks = "" }: CoverageOptions = {}): CoverageTable {
  return new CoverageTable(equations.map((equation) => row(equation, notebooks)));
}

function row(equation: Equation, notebooks: string): string[] {
  const { id, title, latex, functionName, notebook, parameters, result, misconceptions, reference } = equation;
  const { passed, oracles } = verify(id, reference);
  const given = parameters.map((parameter) => `${parameter.name}: ${shape(parameter)}`).join(", ");
  const link = `[${id} · ${title}](${notebooks}${notebook}.ipynb#cell-id=${id})`;
  return [
    link,
    `$${withoutPipes(latex)}$`,
    `\`${functionName}\``,
    `${given} → ${result.number ? "a number" : shape(result)}`,
    String(misconceptions.length),
    oracles.join(", "),
    passed ? "✓" : "✗",
  ];
}

function shape({ rows, cols }: SymbolShape): string {
  return `${rows}×${cols}`;
}

/** LaTeX for a table: a pipe would end the cell, and an escaped one means ‖ where mathematics is not Markdown. */
export function withoutPipes(latex: string): string {
  return latex.replaceAll("\\|", "\\Vert ").replaceAll("|", "\\vert ");
}
