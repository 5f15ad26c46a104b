import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { removeStamp, staleness, writeStamp } from "../../src/setup/stamp.mjs";
import { temporaryFolder } from "./temporary-folder.js";

let root: string;
let stamp: string;
const inputs = { "the recipe": "flour", "the oven": "200 °C" };

beforeEach(() => {
  root = temporaryFolder();
  mkdirSync(join(root, "result", "part", "__pycache__"), { recursive: true });
  writeFileSync(join(root, "result", "part", "crumb"), "");
  stamp = join(root, "result", "stamp");
  writeStamp(stamp, inputs, { root, folders: [join(root, "result"), join(root, "result", "part")] });
});

it("a result that is as it was left can be used", () => {
  expect(staleness(stamp, inputs, root)).toBeUndefined();
});

it("what differs from before is named", () => {
  expect(staleness(stamp, { ...inputs, "the recipe": "rye" }, root)).toBe("the recipe changed");
  expect(staleness(stamp, { ...inputs, "the cook": "me" }, root)).toBe("the cook changed");
});

it("what is lost is named, caches and additions don't matter", () => {
  rmSync(join(root, "result", "part", "__pycache__"), { recursive: true });
  writeFileSync(join(root, "result", "more"), "");
  expect(staleness(stamp, inputs, root)).toBeUndefined();
  rmSync(join(root, "result", "part", "crumb"));
  expect(staleness(stamp, inputs, root)).toBe("result/part/crumb is missing");
  rmSync(join(root, "result", "part"), { recursive: true });
  expect(staleness(stamp, inputs, root)).toBe("result/part is missing");
});

it("without a stamp, or with half of one, a result is unfinished", () => {
  writeFileSync(stamp, '{"inputs":');
  expect(staleness(stamp, inputs, root)).toBe("not complete yet");
  removeStamp(stamp);
  expect(staleness(stamp, inputs, root)).toBe("not complete yet");
});
