import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backward } from "../../src/backward";
import { equations } from "../../src/equations";
import type { Matrix } from "../../src/matrix";
import { pencil, verify } from "../../src/progress/kept";
import { note, readRecord } from "../../src/progress/record";
import { doneSoFar, nextStep, steps } from "../../src/progress/steps";
import { progress, written } from "../../src/show/progress";
import { sgdStep, trainingStep } from "../../src/train";
import { temporaryFolder } from "../setup/temporary-folder.js";

const BROADCAST = Symbol.for("Jupyter.broadcast");
let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "my-notebooks", "progress.json");
  vi.stubEnv("BACKPROP_PROGRESS", path);
  Object.assign(globalThis, { [BROADCAST]: () => undefined });
});
afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[BROADCAST];
  vi.unstubAllEnvs();
});

const file = () => JSON.parse(readFileSync(path, "utf8"));
const mine = (Z1: Matrix) => Z1.map((z) => Math.max(0, z));

describe("what is kept", () => {
  it("is what somebody wrote and had verified, with the day", () => {
    expect(verify("E2", mine).passed).toBe(true);
    expect(file().written).toEqual({ E2: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(file().about).toContain("The file is yours");
    expect(written()).toEqual(["E2"]);
  });

  it("is a bug hunted down, where it is the suspect of notebook 05 that was put right", () => {
    const suspect: typeof backward = (...args) => backward(...args);
    expect(verify("backward", suspect).passed).toBe(true);
    expect(file()).toMatchObject({ written: {}, bugs: { suspect: expect.any(String) } });
  });

  it("is a number that was right", () => {
    pencil("E2", { row: 1, col: 2 }, "?");
    pencil("E2", { row: 1, col: 2 }, -1);
    expect(existsSync(path)).toBe(false);
    pencil("E2", { row: 1, col: 2 }, 0);
    expect(Object.keys(file().pencil)).toEqual(["E2"]);
  });

  it("is nothing that is wrong, and none of src's own functions", () => {
    verify("E2", (Z: Matrix) => Z);
    for (const { id, reference } of equations) verify(id, reference);
    verify("backward", backward);
    const autograd: typeof backward = (...args) => backward(...args);
    verify("backward", autograd);
    verify("sgdStep", sgdStep);
    verify("trainingStep", trainingStep);
    expect(existsSync(path)).toBe(false);
  });

  it("is nothing outside of a notebook", () => {
    delete (globalThis as Record<symbol, unknown>)[BROADCAST];
    verify("E2", mine);
    expect(existsSync(path)).toBe(false);
  });
});

describe("the file", () => {
  it("keeps the first day, and what a newer version has written", () => {
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify({ written: { E2: "2026-01-02", E99: "2026-01-03" }, stars: { E1: 5 } }));
    expect(note(path, "written", "E2", "2026-11-30")).toBeUndefined();
    expect(note(path, "bugs", "7", "2026-11-30")).toBeUndefined();
    expect(file()).toMatchObject({
      written: { E2: "2026-01-02", E99: "2026-01-03" },
      bugs: { 7: "2026-11-30" },
      stars: { E1: 5 },
    });
  });

  it.each(["{ not JSON", "[]", '{ "written": 3 }', "null"])("is left as it is where it can't be read: %s", (text) => {
    mkdirSync(dirname(path));
    writeFileSync(path, text);
    expect(note(path, "written", "E2", "2026-11-30")).toMatch(/can't be read as progress .* left as it is/);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readRecord(path)).toHaveProperty("unreadable");
    expect(progress().toString()).toContain("can't be read");
    expect(written()).toEqual([]);
  });

  it("that can't be written is told, and nothing stops", () => {
    writeFileSync(dirname(path), "a file where the folder should be");
    expect(note(path, "written", "E2", "2026-11-30")).toMatch(/can't be written/);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(verify("E2", mine).passed).toBe(true);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("progress is not kept"));
    warn.mockRestore();
  });
});

describe("the next step", () => {
  it("begins with E1 and a pencil, and goes on in order", () => {
    expect(nextStep(doneSoFar())).toMatchObject({ kind: "pencil", id: "E1", notebook: "01-forward-pass" });
    note(path, "pencil", "E1", "2026-11-30");
    expect(nextStep(doneSoFar())).toMatchObject({ kind: "written", id: "E1" });
    expect(progress().toString()).toContain("**Next:** [write E1](01-forward-pass.ipynb#cell-id=E1)");
  });

  it("is none when all is done", () => {
    for (const { kind, id } of steps) note(path, kind, id, "2026-11-30");
    expect(nextStep(doneSoFar())).toBeUndefined();
    expect(progress().toString()).toContain("All done");
    expect(progress().toString()).not.toContain("·");
  });
});
