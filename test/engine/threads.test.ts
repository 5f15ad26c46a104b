import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { processorsGranted, threadsHere } from "../../src/engine/threads";

const folder = mkdtempSync(join(tmpdir(), "groups-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A control group, as Linux shows it in files. */
function group(name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, file, ".."), { recursive: true });
    writeFileSync(join(folder, name, file), `${text}\n`);
  }
  return join(folder, name);
}

it("there are two threads where there are two processors, and one where the environment says so", () => {
  expect(threadsHere("1", folder)).toBe(1);
  expect(threadsHere(undefined, folder)).toBe(availableParallelism() >= 2 ? 2 : 1);
  expect(threadsHere("", folder)).toBe(availableParallelism() >= 2 ? 2 : 1);
  expect(threadsHere("8", folder)).toBe(availableParallelism() >= 2 ? 2 : 1);
});

it.each(["0", "-1", "1.5", "all", " "])("BACKPROP_THREADS of %j is no number of threads", (setting) => {
  expect(() => threadsHere(setting, folder)).toThrow(
    `BACKPROP_THREADS is "${setting}"; expected a whole number from 1`,
  );
});

it("there is one thread where the control group grants less than two processors", () => {
  expect(threadsHere(undefined, group("one", { "cpu.max": "150000 100000" }))).toBe(1);
});

it.each<[string, Record<string, string>, number]>([
  ["nothing is said", {}, Number.POSITIVE_INFINITY],
  ["there is no limit", { "cpu.max": "max 100000" }, Number.POSITIVE_INFINITY],
  ["there is a limit", { "cpu.max": "150000 100000" }, 1.5],
  ["version 1 has a limit", { "cpu/cpu.cfs_quota_us": "50000", "cpu/cpu.cfs_period_us": "100000" }, 0.5],
  [
    "version 1 has no limit",
    { "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000" },
    Number.POSITIVE_INFINITY,
  ],
])("processors granted where %s", (name, files, expected) => {
  expect(processorsGranted(group(name, files))).toBe(expected);
});
