/** The handwritten digits that come with the project. */
import { Matrix } from "../matrix";
import { tableReader } from "./reader";
import { type Dataset, labelledSamples, type SplitOptions, splitRows } from "./split";

const DIGITS = { path: "data/digits.csv.gz", rows: 1797, pixels: 64, ink: 16, classes: 10 } as const;

/**
 * The handwritten digits: 1,797 images of 8×8 pixels, scaled from 0 … 16 to 0 … 1 (X is N×64), of the classes 0 to 9.
 *
 * The split is stratified: of every digit the same share goes to the test part.
 *
 * Source: UCI, Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, 1998; CC BY 4.0); see data/README.md.
 *
 * @throws if data/digits.csv.gz is missing or is not that file, or an option is out of range
 */
export function loadDigits(options: SplitOptions = {}): Dataset {
  const columns = readDigits();
  const labels = columns[DIGITS.pixels];
  const X = Matrix.generate(DIGITS.rows, DIGITS.pixels, (i, j) => columns[j][i] / DIGITS.ink);
  const features = Array.from({ length: DIGITS.pixels }, (_, k) => `pixel ${Math.floor(k / 8)},${k % 8}`);
  const classNames = Array.from({ length: DIGITS.classes }, (_, digit) => String(digit));
  const parts = splitRows("loadDigits", labels, classNames, options);
  const names = [...features, "digit"];
  return {
    training: labelledSamples(X, labels, DIGITS.classes, parts.training),
    test: labelledSamples(X, labels, DIGITS.classes, parts.test),
    classes: DIGITS.classes,
    classNames,
    features,
    frame: tableReader().frame(columns.map((values, j) => ({ name: names[j], values }))),
  };
}

/** The 64 columns of pixels and the column of digits. */
function readDigits(): number[][] {
  const reader = tableReader();
  const again = "Get the file again from the project's repository";
  const file = reader.file([DIGITS.path]);
  if (file === undefined) throw new Error(`loadDigits: there is no file ${DIGITS.path}. ${again}`);
  let columns: (string | null)[][];
  try {
    columns = reader.fields(new TextDecoder().decode(reader.gunzip(file.bytes)).trimEnd(), ",");
  } catch (error) {
    throw new Error(`loadDigits: ${DIGITS.path} can't be read (${(error as Error).message}). ${again}`);
  }
  if (columns.length !== DIGITS.pixels + 1 || columns[0].length !== DIGITS.rows) {
    throw new Error(
      `loadDigits: ${DIGITS.path} is ${columns[0].length}×${columns.length}; expected ${DIGITS.rows} rows of ${DIGITS.pixels} pixels and a label. ${again}`,
    );
  }
  return columns.map((values, j) =>
    values.map((text, i) => {
      const most = j < DIGITS.pixels ? DIGITS.ink : DIGITS.classes - 1;
      const value = Number(text ?? Number.NaN);
      if (Number.isInteger(value) && value >= 0 && value <= most) return value;
      throw new RangeError(
        `loadDigits: ${DIGITS.path} has ${JSON.stringify(text)} in line ${i + 1}, column ${j + 1}; expected a whole number from 0 to ${most}. ${again}`,
      );
    }),
  );
}
