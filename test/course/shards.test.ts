/**
 * A class that several machines grade, each its share.
 *
 * @module-tag slow
 */
import { spawn } from "node:child_process";
import { cpSync, readdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gradeClass, gradeShard, type MergeOptions, mergeShards, shardOf } from "../../src/course/grader";
import type { Sandbox } from "../../src/course/sandbox/sandbox";
import { filesBelow, masters, notebookOf, readFile, realSandbox, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

const folder = temporaryFolder("shards");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

const submissions = at("in");
writeFiles(submissions, {
  "ada/forward-pass.ipynb": notebookOf("forward-pass", { F1: "right", F2: "right", F3: "right" }),
  "bob/forward-pass.ipynb": notebookOf("forward-pass", { F1: "right" }),
  "cyd/forward-pass.ipynb": notebookOf("forward-pass", { F1: "right" }),
  "dan/forward-pass.ipynb": notebookOf("forward-pass", { F2: "right" }),
  "eve/hidden-layers.ipynb": notebookOf("hidden-layers", { H1: "right" }),
  "eve/forward-pass.ipynb": notebookOf("forward-pass", {}),
  "eve/forward-pass-2.ipynb": notebookOf("forward-pass", { F3: "right" }),
  "fay/forward-pass.ipynb": '{"cells": [',
  "gus/forward-pass.ipynb": "",
});

const common = { submissions, masters, readFile, secret: "a secret of the tests", version: "1" };
const numbers = [1, 2, 3, 4];
const parts = numbers.map((index) => at(`part-${index}`));
let sandbox: Sandbox;
const grade = (index: number, out: string, of = 4, changes: object = {}) =>
  gradeShard({ ...common, sandbox, jobs: 2, out, ...changes }, { index, of });
const merge = (changes: Partial<MergeOptions> = {}) => mergeShards({ ...common, out: at("merged"), parts, ...changes });

beforeAll(async () => {
  sandbox = await realSandbox(folder);
  await gradeClass({ ...common, sandbox, jobs: 2, out: at("whole") });
  for (const index of [3, 1, 4, 2]) await grade(index, parts[index - 1]);
});

describe("four shards", () => {
  it("hold every submission once between them", async () => {
    const graded = parts.flatMap((part) =>
      Object.keys(JSON.parse(Object.values(filesBelow(join(part, ".shards")))[0]).keys),
    );
    expect(graded.length).toBe(8);
    expect(new Set(graded).size).toBe(8);
    expect(parts.map((part) => readdirSync(join(part, ".graded")).length).every((count) => count < 8)).toBe(true);
  });

  it("in folders of their own give the files of the undivided run, byte for byte", async () => {
    const students = await merge();
    expect(students.length).toBe(7);
    expect(filesBelow(at("merged"))).toEqual(filesBelow(at("whole")));
    await merge({ parts: [...parts].reverse() });
    expect(filesBelow(at("merged"))).toEqual(filesBelow(at("whole")));
  });

  it("give the same when a shard is graded again after its results were lost", async () => {
    rmSync(parts[1], { recursive: true });
    await grade(2, parts[1]);
    rmSync(at("merged"), { recursive: true, force: true });
    await merge();
    expect(filesBelow(at("merged"))).toEqual(filesBelow(at("whole")));
  });
});

describe("the command", () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number | null; said: string }>((done) => {
      const start = join(root, "src/setup/start.mjs");
      const child = spawn(process.execPath, [start, "grade", submissions, ...args], {
        cwd: root,
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
      child.on("close", (code) => done({ code, said }));
    });
  const secret = ["--secret", at("secret")];

  it("refuses to make a secret for one shard alone", async () => {
    const { code, said } = await run("--out", at("shared"), "--shard", "1/4", ...secret);
    expect(code).toBe(1);
    expect(said).toMatch(/all shards need the same secret/);
  });

  it("grades shards that run at the same time into one folder, and merges them to what one run gives", async () => {
    writeFileSync(at("secret"), "another secret of the tests\n");
    const early = await run("--out", at("shared"), "--merge", ...secret);
    expect(early.code).toBe(1);
    expect(early.said).toMatch(/holds no shard that was graded to its end/);
    const shards = await Promise.all(numbers.map((i) => run("--out", at("shared"), "--shard", `${i}/4`, ...secret)));
    // In one shard are notebooks that can't be read; gus's and fay's.
    for (const { code, said } of shards) expect(code, said).toBeLessThan(2);
    expect(readdirSync(at("shared")).sort()).toEqual([".graded", ".shards"]);
    const merged = await run("--out", at("shared"), "--merge", ...secret);
    expect(merged.code, merged.said).toBe(1);
    expect(merged.said).toMatch(/Something of 2 students was not graded/);
    rmSync(at("shared/.shards"), { recursive: true });
    expect((await run("--out", at("alone"), ...secret)).code).toBe(1);
    expect(filesBelow(at("shared"))).toEqual(filesBelow(at("alone")));
  });

  it("says how it is used when a shard is asked for that can't be", async () => {
    for (const shard of ["5/4", "0/4", "1", "a/b", "1/4/2"]) {
      const { code, said } = await run("--out", at("none"), "--shard", shard, ...secret);
      expect(code).toBe(1);
      expect(said).toContain(`--shard is ${shard}; expected i/n`);
    }
  });
});

describe("merging says in a sentence, and writes nothing, when", () => {
  const refused = async (changes: Partial<MergeOptions>) => {
    const out = at("refused");
    const error: unknown = await merge({ ...changes, out }).catch((why: unknown) => why);
    expect(error).toBeInstanceOf(RangeError);
    expect(() => readdirSync(out)).toThrow("ENOENT");
    return (error as RangeError).message;
  };

  it("a shard is missing", async () => {
    expect(await refused({ parts: parts.slice(0, 3) })).toMatch(/of 4 shards 1 is missing or not finished: 4\/4/);
  });

  it("a shard was not graded to its end", async () => {
    cpSync(parts[0], at("unfinished"), { recursive: true });
    rmSync(at("unfinished/.shards"), { recursive: true });
    expect(await refused({ parts: [at("unfinished"), ...parts.slice(1)] })).toMatch(/unfinished holds no shard/);
  });

  it("a shard is there twice", async () => {
    expect(await refused({ parts: [...parts, parts[1]] })).toMatch(
      /shard 2\/4 is there twice, in .*part-2 and in .*part-2/,
    );
  });

  it("shards are of different numbers", async () => {
    await grade(1, at("of-five"), 5);
    expect(await refused({ parts: [...parts.slice(0, 3), at("of-five")] })).toMatch(
      /shard 1\/5 .* does not go with shard 1\/4/,
    );
  });

  it("a shard was graded with another secret", async () => {
    await grade(2, at("other-secret"), 4, { secret: "quite another secret" });
    expect(await refused({ parts: [parts[0], at("other-secret"), parts[2], parts[3]] })).toMatch(
      /shard 2\/4 in .*other-secret was graded with another secret/,
    );
    expect(await refused({ secret: "quite another secret" })).toMatch(/shard 1\/4 .* another secret/);
  });

  it("a shard was graded by another version", async () => {
    expect(await refused({ version: "2" })).toMatch(/another version of the grader/);
  });

  it("submissions have changed, come or gone", async () => {
    const other = at("other");
    const changed = async (name: string, change: () => void) => {
      rmSync(other, { recursive: true, force: true });
      cpSync(submissions, other, { recursive: true });
      change();
      expect(await refused({ submissions: other }), name).toMatch(/was graded from other submissions/);
      return refused({ submissions: other });
    };
    const bob = join(other, "bob/forward-pass.ipynb");
    expect(await changed("changed", () => writeFileSync(bob, ""))).toContain(
      "bob/forward-pass.ipynb has changed since",
    );
    expect(await changed("gone", () => unlinkSync(bob))).toContain("bob's forward-pass is not among these");
    expect(await changed("new", () => writeFiles(other, { "hal/forward-pass.ipynb": "" }))).toContain(
      "hal/forward-pass.ipynb was not there",
    );
  });

  it("a result was deleted", async () => {
    cpSync(parts[0], at("lost"), { recursive: true });
    for (const name of readdirSync(at("lost/.graded"))) rmSync(at("lost/.graded", name));
    expect(await refused({ parts: [at("lost"), ...parts.slice(1)] })).toMatch(/shard 1\/4 .* has lost its result of/);
  });
});

it("a shard is written i/n", () => {
  expect(shardOf("3/16")).toEqual({ index: 3, of: 16 });
  for (const text of ["17/16", "", "1/", "-1/2", "1.5/2"]) expect(() => shardOf(text)).toThrow(/expected i\/n/);
});
