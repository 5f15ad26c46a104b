import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { loadDigits } from "../../src/data/digits";
import { predict } from "../../src/data/labels";

const folder = mkdtempSync(join(tmpdir(), "digits-"));
afterAll(() => rmSync(folder, { recursive: true }));

function share(part: { labels: readonly number[] }, label: number): number {
  return part.labels.filter((other) => other === label).length / part.labels.length;
}

describe("loadDigits", () => {
  const digits = loadDigits();
  const lines = gunzipSync(readFileSync("data/digits.csv.gz")).toString().trim().split("\n");

  it("comes from the file that data/README.md describes", () => {
    const sum = createHash("sha256").update(readFileSync("data/digits.csv.gz")).digest("hex");
    expect(readFileSync("data/README.md", "utf8")).toContain(sum);
  });

  it("has every line once, its 64 pixels divided by 16 and its label", () => {
    expect(digits.training.X.shape).toBe("1438×64");
    expect(digits.test.X.shape).toBe("359×64");
    const rows = [...digits.training.rows, ...digits.test.rows];
    expect(rows.slice().sort((a, b) => a - b)).toEqual(lines.map((_, i) => i));
    for (const part of [digits.training, digits.test]) {
      for (const i of [0, 17, part.rows.length - 1]) {
        const numbers = lines[part.rows[i]].split(",").map(Number);
        expect(Array.from(part.X.row(i).data)).toEqual(numbers.slice(0, 64).map((pixel) => pixel / 16));
        expect(part.labels[i]).toBe(numbers[64]);
      }
      expect(predict(part.Y)).toEqual(part.labels);
    }
  });

  it("keeps the same share of every digit in both parts", () => {
    for (let digit = 0; digit < 10; digit++) {
      expect(Math.abs(share(digits.training, digit) - share(digits.test, digit))).toBeLessThan(0.003);
    }
  });

  it("is split by the seed", () => {
    expect(loadDigits({ seed: 1 }).test.rows).toEqual(digits.test.rows);
    expect(loadDigits({ seed: 2 }).test.rows).not.toEqual(digits.test.rows);
    expect(loadDigits({ testShare: 0.5 }).test.X.rows).toBeCloseTo(1797 / 2, -1);
  });

  it("has the table as polars read it, with named columns", () => {
    expect([digits.frame.height, digits.frame.width]).toEqual([1797, 65]);
    expect(digits.frame.columns[64]).toBe("digit");
    expect(digits.features[9]).toBe("pixel 1,1");
    expect(digits.classNames.join("")).toBe("0123456789");
  });

  it("refuses options out of range", () => {
    expect(() => loadDigits({ testShare: 1 })).toThrow("loadDigits: testShare is 1; expected a number between 0 and 1");
    expect(() => loadDigits({ seed: 0.5 })).toThrow("loadDigits: seed is 0.5; expected a whole number");
  });
});

describe("loadDigits, from a project whose file is broken", () => {
  const root = process.cwd();
  afterEach(() => process.chdir(root));

  /** `loadDigits` as it is in a project with this file. */
  async function loadFrom(name: string, content: string | Buffer) {
    const project = join(folder, name);
    mkdirSync(join(project, "data"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    if (content.length > 0) writeFileSync(join(project, "data/digits.csv.gz"), content);
    process.chdir(project);
    vi.resetModules();
    return (await import("../../src/data/digits")).loadDigits();
  }

  const csv = gunzipSync(readFileSync("data/digits.csv.gz")).toString();

  it.each([
    ["missing", "", "loadDigits: there is no file data/digits.csv.gz. Get the file again"],
    ["cut off", readFileSync("data/digits.csv.gz").subarray(0, 9000), "can't be read (unexpected end of file)"],
    ["unzipped", csv, "loadDigits: data/digits.csv.gz can't be read (incorrect header check). Get the file again"],
    ["short", gzipSync(csv.slice(0, 1461)), "loadDigits: data/digits.csv.gz is 10×65; expected 1797 rows of 64 pixels"],
    [
      "dark",
      gzipSync(csv.replace("0,0,5,13", "0,0,5,17")),
      'has "17" in line 1, column 4; expected a whole number from 0 to 16',
    ],
    ["wordy", gzipSync(csv.replace("0,0,5,13", "0,0,5,x")), 'has "x" in line 1, column 4; expected a whole number'],
  ])("says what is wrong: %s", async (name, content, message) => {
    await expect(loadFrom(name, content)).rejects.toThrow(message);
  });
});
