import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { diskFailure, installFailure } from "../../src/setup/failure.mjs";
import { Problem } from "../../src/setup/problem.mjs";
import { project } from "../../src/setup/project.mjs";

it.each([
  ["npm", "npm error code ENOTFOUND\nnpm error network request failed", /^No network: npm could not/],
  ["pip", "WARNING: Retrying after connection broken by 'NewConnectionError('", /^No network: pip could not/],
  [
    "pip",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    /^The disk is full/,
  ],
  ["npm", "npm error `npm ci` can only install packages when …", /^npm failed .*set-up\.log.*\n {2}npm error `npm ci`/],
])("%s: %s", (program, output, sentence) => {
  expect(installFailure(program, output, project).message).toMatch(sentence);
});

it("what a disk refuses is a sentence, a bug stays a bug", () => {
  const refusal = Object.assign(new Error("EROFS: read-only"), { code: "EROFS", path: "/x/.venv" });
  expect(diskFailure(refusal)).toBeInstanceOf(Problem);
  expect((diskFailure(refusal) as Problem).message).toContain("/x/.venv can't be written (EROFS)");
  let missing: unknown;
  try {
    readFileSync("/no such file");
  } catch (error) {
    missing = error;
  }
  expect(diskFailure(missing)).toBe(missing);
});
