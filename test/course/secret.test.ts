import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { secretIn, seedFor } from "../../src/course/grader/secret";
import { cellText, tableText } from "../../src/course/grader/teacher/table";
import { temporaryFolder } from "./classroom";

const folder = temporaryFolder("secret");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "secret");
const out = join(folder, "out");

describe("a secret", () => {
  it("is made with more than 128 bits, for nobody else to read", () => {
    const secret = secretIn(file, out);
    expect(Buffer.from(secret, "hex").length).toBeGreaterThanOrEqual(16);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8").trim()).toBe(secret);
  });

  it("that others can read is told", () => {
    const told: string[] = [];
    const tell = (sentence: string) => told.push(sentence);
    secretIn(file, out, tell);
    expect(told).toEqual([]);
    chmodSync(file, 0o640);
    secretIn(file, out, tell);
    expect(told.join()).toMatch(/Others can read your secret, .* chmod 600/);
  });

  it.each([
    "",
    "12345678",
    "password123",
    "0123456789012345678901234567890",
    "a".repeat(200),
    "abababababababababababababababab",
    "0123456789abcdef0123456789abcde",
  ])("that can be guessed is refused: %s", (secret) => {
    writeFileSync(file, secret);
    expect(() => secretIn(file, out)).toThrow(/bits at most; expected 128 or more/);
  });

  it("gives every exercise and every code a seed of its own", () => {
    const seeds = [
      seedFor("s", "F1"),
      seedFor("t", "F1"),
      seedFor("s", "F2"),
      seedFor("s", "F1", "a"),
      seedFor("s", "F1", "b"),
    ];
    expect(new Set(seeds).size).toBe(5);
    expect(seedFor("s", "F1", "a")).toBe(seedFor("s", "F1", "a"));
  });
});

it.each(["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1", "＠A1"])(
  "a cell that a spreadsheet would run is quoted: %j",
  (text) => {
    expect(cellText(text)).toBe(`'${text}`);
    expect(tableText([[text]])).toMatch(/^"?'/);
  },
);
