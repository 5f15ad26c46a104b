import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildHarness } from "../../src/course/grader";
import { type Notebook, parseNotebook } from "../../src/course/notebook";
import { compilerIn, defaultLimits, findSandbox, type Sandbox } from "../../src/course/sandbox/sandbox";
import { noNewProcesses } from "../../src/course/sandbox/system-calls";
import { attacks } from "./attacks";
import { graded, masters, message, notebookOf, scores, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

const folder = temporaryFolder("sandbox");
let harness: string;
let runs = 0;

beforeAll(async () => {
  harness = await buildHarness(root, folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function f1(code: string, sandbox: Sandbox): Promise<{ score: number; told: string; F2: number }> {
  runs += 1;
  const [inside, out] = [join(folder, `in-${runs}`), join(folder, `out-${runs}`)];
  writeFiles(inside, { "s/forward-pass.ipynb": notebookOf("forward-pass", { F1: code, F2: "right" }) });
  const student = (await graded(inside, out, sandbox)).get("s");
  return { score: scores(student).F1, told: message(student, "F1"), F2: scores(student).F2 };
}

const unknown = () => findSandbox(harness, false, defaultLimits, ["bubblewrap"], "riscv64");

describe("where no filter of system calls is known for the processor", () => {
  it("the teacher is told, and an honest solution has its points", async () => {
    expect(noNewProcesses("riscv64")).toBeUndefined();
    expect(unknown().note).toMatch(/no filter of system calls is to be had on this machine \(riscv64\)/);
    expect(findSandbox(harness, false, defaultLimits, ["bubblewrap"]).note).toBeUndefined();
    expect((await f1("right", unknown())).score).toBe(4);
  });

  it("processes without end are counted and stopped, with all that they have started", async () => {
    const { score, told, F2 } = await f1(attacks["processes without end"].code, unknown());
    expect(score).toBe(0);
    expect(told).toMatch(/too many threads or processes and was stopped/);
    expect(F2).toBe(7);
  });
});

describe("a bound that is reached is told as what it is, for", () => {
  it.each<[string, Partial<typeof defaultLimits>, string, RegExp]>([
    [
      "memory",
      { memory: 150 * 2 ** 20 },
      "const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(1e7).fill(1));",
      /too much memory/,
    ],
    ["what is said before anything of it is read", { output: 1 }, "return Z1.copy();", /put out far too much/],
    ["what is said", { output: 500 }, "return Z1.copy();", /put out far too much/],
    ["the length of a line", { line: 100 }, "return Z1.copy();", /put out far too much/],
  ])("%s", async (_, limits, body, told) => {
    const sandbox = findSandbox(harness, false, { ...defaultLimits, ...limits }, ["bubblewrap"]);
    const result = await f1(`function leakyRelu(Z1: Matrix, slope: number): Matrix {\n  ${body}\n}`, sandbox);
    expect(result.score).toBe(0);
    expect(result.told).toMatch(told);
  });
});

describe("the process that compiles one notebook after the other", () => {
  const master = masters.get("forward-pass") as Notebook;
  const submissionOf = (F1: string) => parseNotebook(notebookOf("forward-pass", { F1 }));
  const honest = { master, submission: submissionOf("right") };
  const compilerOf = (limits?: { seconds: number; memory: number }) => compilerIn(dirname(harness), limits);

  it.each([
    ["a chain of calls", `const v = ({} as any)${".a()".repeat(1500)};`],
    ["conditions in conditions", `const v = ${"true ? 1 : ".repeat(4000)}0;`],
  ])("%s is the fault of its own notebook only", async (_, source) => {
    const compiler = compilerOf();
    const compiled = await compiler.work({ master, submission: submissionOf(source) });
    const told = "problem" in compiled ? compiled.problem : compiled.program.broken.get("v")?.text;
    expect(told).toMatch(/nested (far )?too deeply/);
    expect(await compiler.work(honest)).toMatchObject({
      program: { declared: expect.arrayContaining(["leakyRelu"]) },
    });
    expect(await compiler.work(honest)).toHaveProperty("program");
  });

  it("is said to have used too much memory only if it has", async () => {
    const wide = `type W = ${Array.from({ length: 60_000 }, (_, k) => `{ k: ${k} }`).join(" | ")};`;
    const order = { master, submission: submissionOf(wide) };
    expect(await compilerOf({ seconds: 30, memory: 60 * 2 ** 20 }).work(order)).toMatchObject({
      problem: expect.stringMatching(/too much memory/),
    });
    const missing = compilerIn(join(dirname(harness), "no-such-folder"));
    expect(await missing.work(honest)).toMatchObject({ problem: expect.stringMatching(/broke down/) });
  });
});
