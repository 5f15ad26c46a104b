/**
 * Every attack wins on a grader that is weak where it attacks, and so is one.
 *
 * @module-tag slow
 */
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Notebook, parseNotebook } from "../../src/course/notebook";
import type { Sandbox } from "../../src/course/sandbox/sandbox";
import { attacks, wrong } from "./attacks";
import { masters, notebookOf, realSandbox, solutionText, temporaryFolder } from "./classroom";
import { root } from "./solutions";
import { buildWeakHarness, runWeakened, type Seen, type Weakness } from "./weakened/graders";
import { inputsOf, publicInputs, sent } from "./weakened/inputs";

const folder = temporaryFolder("weakened");
let sandbox: Sandbox;
let harness: string;
/** Somebody outside who knows the answer, and listens. */
let friend: Server;
let heard = "";
let conversations: Promise<unknown>[] = [];

beforeAll(async () => {
  mkdirSync(join(root, ".build"), { recursive: true });
  [sandbox, harness] = await Promise.all([realSandbox(folder), buildWeakHarness()]);
  friend = createServer((socket) => {
    conversations.push(new Promise((done) => socket.on("close", done)));
    socket.on("data", (part) => {
      heard += part;
    });
    socket.on("error", () => {});
    socket.end("(Z, s) => Z.map((z) => (z > 0 ? z : s * z))");
  });
  await new Promise<void>((done) => friend.listen(0, "127.0.0.1", done));
});

afterAll(() => {
  friend.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(harness, { force: true });
});

const port = () => (friend.address() as AddressInfo).port;

/** What the friend has heard from a process that has ended. Who calls after it is answered after it. */
async function allHeard(): Promise<string> {
  await once(connect(port(), "127.0.0.1").resume(), "close");
  await Promise.all(conversations);
  return heard;
}

async function graded(weakness: Weakness, source: string): Promise<Seen> {
  heard = "";
  conversations = [];
  const cell = source.replace("FRIEND", String(port()));
  const submission = parseNotebook(notebookOf("forward-pass", { F1: cell, F2: "right", F3: "right" }));
  const compiled = await sandbox.compile({ master: masters.get("forward-pass") as Notebook, submission });
  if ("problem" in compiled) throw new Error(compiled.problem);
  // The first entry is positive, where leaky ReLU is the identity.
  const inputs = weakness.publicSeed ? publicInputs() : inputsOf(12345).filter(({ Z }) => Z.data[0] > 0);
  const { code } = compiled.program;
  return runWeakened(harness, weakness, { check: weakness.check, code, source: cell, inputs: sent(inputs) }, allHeard);
}

const plain = wrong.replace(/: (Matrix|number|any)/g, "");
const right = solutionText("forward-pass", "F1");

describe("a weakened grader", () => {
  it.each(Object.entries(attacks))("falls to: %s", async (name, { code, grader }) => {
    const seen = await graded(grader, code);
    const { stdout: _, said: __, ...rest } = seen;
    expect(grader.falls(seen), `${name}: ${grader.naive}: ${JSON.stringify(rest)}`).toBe(true);
  });

  const graders = new Map(
    Object.values(attacks).map(({ grader }) => [grader.naive, { ...grader, endless: undefined }]),
  );
  it.each([...graders])("that is naive in that %s: an ordinary wrong answer does not win on it", async (_, grader) => {
    expect(grader.falls(await graded(grader, plain))).toBe(false);
  });

  // Those that give the points of what their check has accepted.
  const seen = { code: 1, stdout: "✗", bytes: 0, memory: 0, processes: 0, threads: 0, files: [], heard: "" };
  const giving = [...graders.values()].filter(
    ({ falls }) => falls({ ...seen, said: [{ passed: true }] }) && !falls({ ...seen, said: [] }),
  );
  it.each(giving.map((grader) => [grader.check, grader] as const))(
    "%s: the solution has its points",
    async (_, grader) => {
      expect(grader.falls(await graded(grader, right.replace(/: (Matrix|number)/g, "")))).toBe(true);
    },
  );
});

it("there are at least 40 attacks, and each wins in a way of its own", () => {
  expect(Object.keys(attacks).length).toBeGreaterThanOrEqual(40);
  const naive = Object.values(attacks).map(({ grader }) => grader.naive);
  const again = naive.filter((what, k) => naive.indexOf(what) < k);
  expect(again).toEqual([]);
});
