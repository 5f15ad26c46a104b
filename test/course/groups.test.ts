/**
 * Control groups (cgroup v2), in a Linux of their own: one that runs as a program (User-Mode Linux), where it is installed.
 *
 * @module-tag slow
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exerciseOf } from "../../src/course/exercises";
import { type Notebook, parseNotebook } from "../../src/course/notebook";
import { defaultLimits } from "../../src/course/sandbox/sandbox";
import { encodeQuestions, type Order } from "../../src/course/sandbox/wire";
import { attacks, f, node, wrong } from "./attacks";
import { masters, notebookOf, realSandbox, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

const linux = process.env.USER_MODE_LINUX ?? "linux.uml";
const isThere = spawnSync(linux, ["--version"]).status === 0;

/** What is run, and how it has to end. */
const programs: Readonly<Record<string, readonly [code: string, ending: string]>> = {
  "the solution": ["right", "finished"],
  "a wrong answer": [wrong, "finished"],
  "buffers without end": [attacks["buffers without end"].code, "memory"],
  "threads without end": [
    f(`${node("node:worker_threads")} let started = 0;
    try { for (; started < 200; started++) new lib.Worker("setInterval(() => {}, 1e6)", { eval: true }); } catch (error) { throw new Error("started " + started + ": " + error); }
    throw new Error("started " + started);`),
    "finished",
  ],
  "a loop without an end": [attacks["a loop without an end"].code, "time"],
  "the solution, after all of them": ["right", "finished"],
};

describe.runIf(isThere)("under a control group", () => {
  const folder = temporaryFolder("groups");
  let said: Record<string, unknown>[];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const sandbox = await realSandbox(folder);
    const master = masters.get("forward-pass") as Notebook;
    const { functionName, questions } = exerciseOf("F1");
    const orders: Record<string, Order> = {};
    for (const [name, [F1, ending]] of Object.entries(programs)) {
      // A Linux that is a program is slow.
      const seconds = ending === "time" ? 5 : 100;
      const tasks = [{ id: "F1", functionName, questions: encodeQuestions(questions(1)), seconds }];
      const compiled = await sandbox.compile({ master, submission: parseNotebook(notebookOf("forward-pass", { F1 })) });
      if ("problem" in compiled) throw new Error(compiled.problem);
      orders[name] = { code: compiled.program.code, skip: [], tasks };
    }
    const start = `#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t cgroup2 none /sys/fs/cgroup
echo "+memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
export PATH=${process.env.PATH}
cd ${folder} && ${process.execPath} probe.mjs ${folder}/harness.mjs ${folder}/programs.json 2>&1
poweroff -f
`;
    writeFiles(folder, { "programs.json": JSON.stringify(orders), "start.sh": start });
    await build({
      entryPoints: [join(root, "test/course/groups/probe.ts")],
      outfile: join(folder, "probe.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    const disk = ["root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw"];
    const shell = ["init=/bin/sh", "--", join(folder, "start.sh")];
    const options = ["mem=2G", "quiet", "con=null", "con0=fd:0,fd:1", ...disk, ...shell];
    const { stdout } = spawnSync(linux, options, { encoding: "utf8", input: "", timeout: 600_000 });
    said = stdout.split(/\r?\n/).flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  }, 900_000);

  it("which is found at the root", () => expect(said[0]).toEqual({ parent: "/sys/fs/cgroup/" }));

  it.each(Object.entries(programs))("%s", (name, [, ending]) => {
    expect(said.find((one) => one.name === name)).toMatchObject({ ending });
  });

  it("no more threads than it allows", () => {
    const { why } = said.find(({ name }) => name === "threads without end") as { why: string };
    expect(Number(/started (\d+): Error: EAGAIN/.exec(why)?.[1])).toBeLessThan(defaultLimits.threads);
  });
});
