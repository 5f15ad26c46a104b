/** Files that are handed in as notebooks, in whatever way they were written, and what is told of those that are none. */
import { textIn } from "./encoding";
import { NotANotebook, type Notebook, parseNotebook, sourceOf } from "./notebook";

/** The most characters of source that are kept of all cells together. */
const MOST_SOURCE = 2_000_000;

/** Up to this character all are spaces, or control characters like NUL and ^Z. */
const SPACE = 32;

/**
 * The notebook in a file: in UTF-8, with any number of byte-order marks, in UTF-16 or Windows' encoding, and also with the
 * zeros or the ^Z that old programs put at the end.
 *
 * @param bytes the file
 * @throws NotANotebook if it is none; the message says what it is instead, as far as that shows
 */
export function notebookIn(bytes: Uint8Array): Notebook {
  const kind = SIGNATURES.find(({ begin }) => begin.every((byte, k) => bytes[k] === byte));
  if (kind) throw new NotANotebook(`The file is ${kind.what}, not a notebook.`);
  const all = textIn(bytes);
  let end = all.length;
  while (end > 0 && all.charCodeAt(end - 1) <= SPACE) end -= 1;
  const text = all.slice(0, end).replace(/^[\uFEFF\s]+/, "");
  if (text === "" && bytes.length > 0 && bytes.every((byte) => byte === 0)) {
    throw new NotANotebook("The file holds nothing but zeros, as a download does that has not ended.");
  }
  const problem = SIGNS.find(({ sign }) => sign.test(text));
  if (problem) throw new NotANotebook(problem.told);
  const notebook = parseNotebook(text);
  let left = MOST_SOURCE;
  const cells = notebook.cells.filter((cell) => {
    left -= sourceOf(cell).length;
    return left >= 0;
  });
  return { ...notebook, cells };
}

/** How files of other kinds begin. */
const SIGNATURES: readonly { readonly begin: readonly number[]; readonly what: string }[] = [
  { begin: [0x25, 0x50, 0x44, 0x46], what: "a PDF document" },
  { begin: [0x1f, 0x8b], what: "packed with gzip" },
  { begin: [0x50, 0x4b, 3, 4], what: "a zip archive, or a document of Office" },
  { begin: [0xd0, 0xcf, 0x11, 0xe0], what: "a document of an old Office" },
  { begin: [0x89, 0x50, 0x4e, 0x47], what: "a picture (PNG)" },
  { begin: [0xff, 0xd8, 0xff], what: "a picture (JPEG)" },
  { begin: [0x37, 0x7a, 0xbc, 0xaf], what: "a 7-Zip archive" },
  { begin: [0x52, 0x61, 0x72, 0x21], what: "a RAR archive" },
];

/** Texts that are known not to be notebooks. */
const SIGNS: readonly { readonly sign: RegExp; readonly told: string }[] = [
  {
    sign: /^<(!doctype|html|head|body|\?xml|!--)/i,
    told: "The file is a web page (HTML), not a notebook. Was a page for signing in, or a preview, saved in its place?",
  },
  {
    sign: /^version https:\/\/git-lfs\./,
    told: "The file is a pointer of Git LFS; the notebook itself was not fetched (`git lfs pull`) before it was handed in.",
  },
  {
    sign: /^<{7} [\s\S]*^>{7} /m,
    told: "The file holds the marks of a merge conflict of Git (<<<<<<<), which was not resolved.",
  },
  {
    sign: /^\{\s*'/,
    told: "The file is a notebook as Python prints it, with single quotes; JSON, which json.dump or Jupyter writes, is needed.",
  },
];
