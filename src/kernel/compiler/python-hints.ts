/** One line of help below an error of TypeScript's, for people who come from Python and NumPy. */

/** What an error looks like, and the line of help for it. */
interface Hint {
  /** What the erring line of code must match; */
  readonly code?: RegExp;
  /** and what TypeScript's message must. */
  readonly message?: RegExp;
  readonly help: string;
}

/** The first that fits is told. */
const hints: readonly Hint[] = [
  { code: /^\s*(?:for\s+\w+\s+in\b|for\b[^(]*:\s*$)/, help: "a loop is written: for (let i = 0; i < n; i++) { … }" },
  { code: /\brange\s*\(/, help: "there is no range: for (let i = 0; i < n; i++) { … }" },
  { code: /^\s*def\s/, help: "a function is written: function f(Z: Matrix): Matrix { … return …; }" },
  { code: /\blambda\b/, help: "a function without a name is written: (z) => z * z" },
  { code: /\belif\b/, help: "elif is written: else if (…) { … }" },
  {
    code: /^\s*(?:if|while|else)\b[^{]*:\s*(?:#.*)?$/,
    help: "what belongs together stands between braces: if (…) { … }",
  },
  { code: /^\s*#/, help: "a comment begins with //" },
  { code: /\bprint\s*\(/, help: "print is written: console.log(…)" },
  { code: /\blen\s*\(/, help: "a Matrix has A.rows and A.cols, and an array has .length" },
  { message: /Cannot find name '(?:True|False)'/, help: "these are written: true, false" },
  { message: /Cannot find name 'None'/, help: "None is written: null or undefined" },
  { code: /\w\s+(?:and|or)\s+\w|\bnot\s+\w/, help: "and, or, not are written: &&, ||, !" },
  { code: /\w\s*@\s*\w/, help: "a matrix product is written: A.times(B)" },
  {
    code: /\bnp\.|\bnumpy\b/,
    help: "there is no NumPy here; a Matrix has times, hadamard, plus, minus, scale, map, columnSums, rowSums",
  },
  { code: /\.shape\s*\[/, help: "A.rows and A.cols are the sizes; A.shape is text" },
  {
    message: /'(?:dot|matmul|mul|multiply)' does not exist/,
    help: "a matrix product is written A.times(B), one entry by entry A.hadamard(B)",
  },
  { message: /'transpose' does not exist/, help: "the transposed matrix is A.T" },
  {
    message: /'(?:add|subtract|sub)' does not exist/,
    help: "sums are written A.plus(B), A.minus(B), and A.plusRow(b) where one row is added to all",
  },
  {
    code: /\.sum\s*\(\s*(?:axis|0|1)/,
    help: "sums of columns are A.columnSums(), sums of rows A.rowSums(), and A.sum() is of everything",
  },
  {
    message: /'(?:mean|max|min|argmax|copy_|length)' does not exist on type 'Matrix'/,
    help: "A.rows and A.cols are the sizes, A.data holds the numbers row after row, and A.toRows() gives them as arrays",
  },
  {
    message: /Operator '\+' cannot be applied to types .*Matrix/,
    help: "matrices are added with A.plus(B), and a row to every row with A.plusRow(b)",
  },
  {
    code: /\b[A-Z]\w*\s*[*/-]|[*/-]\s*[A-Z]/,
    message: /side of an arithmetic operation must be/,
    help: "operators work on numbers; a Matrix has A.minus(B), A.scale(2), A.hadamard(B), A.times(B)",
  },
  {
    message: /'number\[\](?:\[\])?' is not assignable to .*'Matrix'/,
    help: "Matrix.fromRows(rows) makes a Matrix of an array of rows",
  },
  {
    message: /=> void' is not assignable/,
    help: "between braces the result needs `return`: (z) => { return z; }, or no braces: (z) => z",
  },
  {
    message: /whose declared type is neither .* must return a value/,
    help: "what a function finds is handed back with `return`",
  },
  {
    code: /^\s*\w+\s*=[^=>]/,
    message: /Cannot find name/,
    help: "a new name is declared: let x = …, or const x = … if it stays",
  },
];

/**
 * A line of help.
 *
 * @param message TypeScript's message
 * @param code the line that the error is in
 * @returns nothing where no rule fits
 */
export function pythonHint(message: string, code: string): string | undefined {
  const fits = (hint: Hint) => (hint.code?.test(code) ?? true) && (hint.message?.test(message) ?? true);
  const found = hints.find(fits);
  return found && `In TypeScript, ${found.help}`;
}
