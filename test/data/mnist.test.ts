import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadMnist } from "../../src/data/mnist";

const folder = mkdtempSync(join(tmpdir(), "mnist-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An IDX file: its kind and its sizes in big-endian words, then bytes. */
function idx(kind: number, sizes: number[], bytes: number[]): Uint8Array {
  const words = [kind, ...sizes].flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
  return Uint8Array.from([...words, ...bytes]);
}

/** Images that are all of one grey each, the grey being its number. */
const images = (greys: number[]) =>
  idx(
    0x803,
    [greys.length, 28, 28],
    greys.flatMap((grey) => new Array(784).fill(grey)),
  );
const labels = (ids: number[]) => idx(0x801, [ids.length], ids);

/** A folder with the four files, some of them replaced. */
function filesWith(replaced: Record<string, Uint8Array | undefined> = {}): string {
  const target = mkdtempSync(join(folder, "files-"));
  mkdirSync(target, { recursive: true });
  const files = {
    "train-images-idx3-ubyte": images([0, 255, 51]),
    "train-labels-idx1-ubyte": labels([3, 0, 9]),
    "t10k-images-idx3-ubyte": images([102]),
    "t10k-labels-idx1-ubyte": labels([7]),
    ...replaced,
  };
  for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(target, name), bytes);
  return target;
}

it("reads images and labels from IDX files", () => {
  const { training, test, classes, classNames, features } = loadMnist(filesWith());
  expect([training.X.shape, training.Y.shape, test.X.shape]).toEqual(["3×784", "3×10", "1×784"]);
  expect([0, 1, 2].map((i) => training.X.get(i, 783))).toEqual([0, 1, 0.2]);
  expect(test.X.get(0, 0)).toBe(0.4);
  expect(training.labels).toEqual([3, 0, 9]);
  expect(training.rows).toEqual([0, 1, 2]);
  expect(training.Y.row(0).toRows()).toEqual([[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]);
  expect([classes, classNames[7], features[0], features[783]]).toEqual([10, "7", "pixel 0,0", "pixel 27,27"]);
});

it("names the one command that gets the files if they are missing", () => {
  expect(() => loadMnist(filesWith({ "train-images-idx3-ubyte": undefined }))).toThrow(
    /^loadMnist: there is no file .*train-images-idx3-ubyte\. Get MNIST once, 12 MB, in a terminal: npm run mnist$/,
  );
});

it.each([
  ["is of another kind", idx(0x801, [3, 28, 28], new Array(3 * 784).fill(0))],
  ["has images of another size", idx(0x803, [3, 8, 8], new Array(3 * 64).fill(0))],
  ["is cut off", images([0, 1, 2]).subarray(0, 1000)],
  ["has bytes left over", Uint8Array.from([...images([0, 1, 2]), 0])],
  ["holds nothing", images([])],
  ["is empty", new Uint8Array()],
])("refuses a file that %s", (_, bytes) => {
  expect(() => loadMnist(filesWith({ "train-images-idx3-ubyte": bytes }))).toThrow(
    /^loadMnist: .*train-images-idx3-ubyte is not the file it should be\. .* npm run mnist$/,
  );
});

it("refuses images without labels, and labels that are no digits", () => {
  expect(() => loadMnist(filesWith({ "t10k-labels-idx1-ubyte": labels([7, 8]) }))).toThrow(
    "loadMnist: t10k has 1 images and 2 labels; expected as many",
  );
  expect(() => loadMnist(filesWith({ "t10k-labels-idx1-ubyte": labels([10]) }))).toThrow("oneHot: labels[0] is 10");
});
