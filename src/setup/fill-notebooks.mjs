import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadTypeScript } from "./load-typescript.mjs";

/** `<!-- code: src/backward.ts gradW2 -->`, what was put there before, `<!-- /code -->`. */
const CODE = /(<!-- code: (\S+) (\w+) -->\n).*?(<!-- \/code -->)/gs;
/** The same for the table of equations. */
const EQUATIONS = /(<!-- equations -->\n).*?(<!-- \/equations -->)/gs;

/**
 * Puts into the texts of the notebooks what is written in `src`: bodies of functions, and the table of equations. Notebooks in which
 * nothing changes are not written.
 *
 * @param {import("./project.mjs").Project} project
 * @throws if a function that a text asks for is not there
 */
export async function fillNotebooks(project) {
  const folder = join(project.root, "notebooks");
  const { equations } = await loadTypeScript(project, "src/equations/index");
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
    const path = join(folder, name);
    const notebook = JSON.parse(readFileSync(path, "utf8"));
    let changed = false;
    for (const cell of notebook.cells) {
      if (cell.cell_type !== "markdown") continue;
      const source = [cell.source].flat().join("");
      const filled = withEquations(withCode(source, project.root), equations);
      if (filled === source) continue;
      cell.source = filled.split(/(?<=\n)/);
      changed = true;
    }
    if (changed) writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`);
  }
}

/**
 * A text with the code that it asks for.
 *
 * @param {string} text
 * @param {string} root the project's folder
 */
export function withCode(text, root) {
  return text.replace(CODE, (_, begin, file, name, end) => {
    const body = bodyOf(name, readFileSync(join(root, file), "utf8"), file);
    return `${begin}\`\`\`ts\n${body}\n\`\`\`\n${end}`;
  });
}

/**
 * The body of an exported function as it stands there, but for the checks of its arguments at its beginning.
 *
 * @param {string} name
 * @param {string} source
 * @param {string} file for the message
 */
export function bodyOf(name, source, file) {
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`export function ${name}(`));
  if (first < 0) throw new Error(`${file} has no exported function ${name}, which a notebook shows`);
  const open = lines.findIndex((line, k) => k >= first && line.endsWith("{"));
  const close = lines.indexOf("}", open);
  const body = lines.slice(open + 1, close).map((line) => line.replace(/^ {2}/, ""));
  const kept = [];
  for (let k = 0; k < body.length; k++) {
    if (!/^check\w+\(/.test(body[k])) kept.push(body[k]);
    else while (!body[k].endsWith(";")) k++;
  }
  return kept.join("\n");
}

/**
 * A text with the table of equations, if it asks for it.
 *
 * @param {string} text
 * @param {readonly import("../equations/equation").Equation[]} equations
 */
export function withEquations(text, equations) {
  return text.replace(EQUATIONS, (_, begin, end) => {
    const cells = equations.map(({ id, latex, functionName }) => {
      return `| ${id} | $${latex.replaceAll("|", "\\vert ")}$ | \`${functionName}\` |`;
    });
    // two beside each other, so that all of them fit on a printed page
    const half = Math.ceil(cells.length / 2);
    const rows = cells.slice(0, half).map((left, k) => `${left}${(cells[half + k] ?? "| | | |").slice(1)}`);
    return `${begin}| | equation | in code | | equation | in code |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n${end}`;
  });
}
