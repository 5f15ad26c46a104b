/** Markdown with formulas, the way JupyterLab reads it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { Marked, type Tokens } from "marked";
import { type FormulaInText, formulaAt } from "../formula/in-text";
import { asText } from "../show/html-text";
import { BookProblem } from "./book-problem";
import { codeBlock } from "./code";
import { type Bundle, textOf } from "./executed-notebook";
import { replaceFormulas, typeset } from "./formula";
import { fromText, mapTexts, sanitised } from "./sanitised";

/** Where a text stands. */
export interface Context {
  /** What error messages call it. */
  readonly place: string;
  /** The notebook's path; relative links and images start from there. */
  readonly path: string;
  /** Images that belong to the text, by name. */
  readonly attachments?: Readonly<Record<string, Bundle>>;
  /** The page of the book that a notebook has become, by the notebook's path. */
  readonly pageOf: (path: string) => string | undefined;
}

/** A heading, as it is met. */
export interface Heading {
  readonly level: number;
  /** Unique on its page. */
  readonly id: string;
  /** The words, as HTML. */
  readonly html: string;
}

/** The places of the headings of one page: JupyterLab's, so that links work in both. */
export class Headings {
  readonly list: Heading[] = [];

  /** @param text the heading's words, formulas as LaTeX */
  add(level: number, text: string, html: string): Heading {
    const wanted = text.trim().replaceAll(" ", "-");
    const taken = this.list.filter(({ id }) => id === wanted || id.startsWith(`${wanted}--`)).length;
    const heading = { level, id: taken === 0 ? wanted : `${wanted}--${taken + 1}`, html };
    this.list.push(heading);
    return heading;
  }
}

/** Formulas wait outside of the HTML while it is sanitised; these two mark their places, and stand for nothing in any text. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const WAITING = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");

/**
 * Markdown as HTML.
 *
 * @param headings collects those that are met
 * @throws {BookProblem} if a formula can't be typeset, or a link's or an image's file is not there
 */
export function markdownHtml(source: string, context: Context, headings = new Headings()): string {
  const formulas: FormulaInText[] = [];
  const wait = (formula: FormulaInText) => `${OPEN}${formulas.push(formula) - 1}${CLOSE}`;
  const settle = (html: string) => html.replace(WAITING, (_, k) => typeset(formulas[Number(k)], context.place));
  const html = parser(wait, context, (level, text, inner) =>
    headings.add(
      level,
      fromText(text).replace(WAITING, (_, k) => formulas[Number(k)].raw),
      settle(sanitised(inner, () => undefined)),
    ),
  ).parse(source.replaceAll(OPEN, "").replaceAll(CLOSE, "")) as string;
  return settle(sanitised(html, (href) => linkTarget(href, context)));
}

/** HTML of an output: sanitised, and with its formulas typeset. */
export function outputHtml(html: string, context: Context): string {
  const clean = sanitised(html, (href) => linkTarget(href, context));
  return mapTexts(clean, (text) =>
    replaceFormulas(text, (formula) =>
      typeset({ ...formula, raw: fromText(formula.raw), latex: fromText(formula.latex) }, context.place),
    ),
  );
}

function parser(
  wait: (formula: FormulaInText) => string,
  context: Context,
  meet: (level: number, text: string, html: string) => Heading,
): Marked {
  const formula = (level: "block" | "inline") => ({
    name: `${level}Formula`,
    level,
    start: (text: string) => {
      const found = (level === "block" ? /\n\$\$/ : /\$/).exec(text);
      return found ? found.index : undefined;
    },
    tokenizer: (text: string) => {
      const found = formulaAt(text);
      if (!found || (level === "block" && !(found.display && /^\s*?(\n|$)/.test(text.slice(found.raw.length))))) {
        return undefined;
      }
      return { type: `${level}Formula`, raw: found.raw, formula: found };
    },
    renderer: (token: Tokens.Generic) => (level === "block" ? `<p>${wait(token.formula)}</p>\n` : wait(token.formula)),
  });
  return new Marked({
    gfm: true,
    extensions: [formula("block"), formula("inline")],
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const { id } = meet(depth, this.parser.parseInline(tokens, this.parser.textRenderer), html);
        const link =
          depth === 1 ? "" : ` <a class="anchor" href="#${encodeURI(id)}" aria-label="link to this heading">#</a>`;
        return `<h${depth} id="${asText(id)}">${html}${link}</h${depth}>\n`;
      },
      code: ({ text, lang }) => codeBlock(text, lang),
      image: ({ href, title, text }) => {
        const src = imageData(href, context);
        const words = title ? ` title="${asText(title)}"` : "";
        return src === undefined
          ? `<a href="${asText(href)}">${asText(text)}</a>`
          : `<img src="${src}" alt="${asText(text)}"${words}>`;
      },
    },
  });
}

/** Where a link leads in the book: to one of its pages, or out into the web. Other files of the project are not in the book. */
function linkTarget(href: string, { path, place, pageOf }: Context): string | undefined {
  if (href.startsWith("#") || /^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith("//")) return href;
  const [file, ...fragment] = href.split("#");
  const target = resolve(dirname(path), decodeURI(file));
  const page = pageOf(target);
  if (page === undefined && !existsSync(target)) {
    throw new BookProblem(`${place} links to ${decodeURI(file)}, which is not there.`);
  }
  return page === undefined ? undefined : [page, ...fragment].join("#");
}

const imageTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/** An image's own data; undefined for one that lies somewhere in the web. */
function imageData(href: string, { path, place, attachments = {} }: Context): string | undefined {
  if (href.startsWith("data:")) return href;
  const [, attached] = /^attachment:(.+)$/.exec(href) ?? [];
  if (attached !== undefined) {
    const [type, data] = Object.entries(attachments[decodeURI(attached)] ?? {})[0] ?? [];
    if (type === undefined) throw new BookProblem(`${place} shows ${attached}, which is not attached to it.`);
    return `data:${type};base64,${textOf(data).trim()}`;
  }
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) return undefined;
  const file = resolve(dirname(path), decodeURI(href));
  const type = imageTypes[extname(file).toLowerCase()];
  if (type === undefined || !existsSync(file)) {
    throw new BookProblem(`${place} shows ${decodeURI(href)}, which is ${type ? "not there" : "no image"}.`);
  }
  return `data:${type};base64,${readFileSync(file, "base64")}`;
}
