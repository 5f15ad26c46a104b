import { existsSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, TestRunner } from "vitest";
import type { StudentResult } from "../../src/course/grader/reports";
import { parseNotebook } from "../../src/course/notebook";
import { attacks, wrong } from "./attacks";
import { graded, message, notebookOf, realSandbox, scores, temporaryFolder, writeFiles } from "./classroom";
import { notebookAttacks } from "./notebook-attacks";
import { root } from "./solutions";

const folder = temporaryFolder("hostile");
/** What `npm test` tries, an attack of each kind; `npm test -- --all` tries every one. */
const quick = [
  "a loop without an end",
  "kills its process",
  "answers with a verdict",
  "patches arrays",
  "reads the disk",
  "markup in its message",
  "parentheses",
];
const all = TestRunner.matchesTags(["slow"]);
const isTried = (name: string) => all || quick.includes(name);
const tagged = (name: string) => ({ tags: quick.includes(name) ? [] : ["slow"] });
const names = Object.keys(attacks);
const notebookNames = Object.keys(notebookAttacks);
const rest = { F2: "right", F3: "right" };
/** A type that takes the compiler some seconds, and then it gives up on it; there may be many of the kind. */
const expensive =
  "type E<N, A> = N extends [any, ...infer R] ? E<R, [A, 0]> | E<R, [A, 1]> : A extends 'x' ? A : never;";
/** Notebooks that a compiler can't read to the end. */
const unreadables = {
  parentheses: { source: `const x = ${"(".repeat(150_000)}`, told: /nested far too deeply/ },
  types: {
    source: `${expensive}\n${Array.from({ length: 30 }, (_, k) => `const v${k}: E<[${new Array(24).fill(0)}], ${k}> = 0;`).join("\n")}`,
    told: /TypeScript .* over the notebook and was stopped/,
  },
};
let students: Map<string, StudentResult>;
/** Somebody outside who knows the answer, and listens. */
let friend: Server;
let heard = "";

beforeAll(async () => {
  friend = createServer((socket) => {
    heard += "somebody";
    socket.on("error", () => {});
    socket.end("(Z, s) => Z.map((z) => (z > 0 ? z : s * z))");
  });
  await new Promise<void>((done) => friend.listen(0, "127.0.0.1", done));
  const port = String((friend.address() as AddressInfo).port);
  const files = names
    .filter(isTried)
    .map((name) => [
      `s${names.indexOf(name)}/forward-pass.ipynb`,
      notebookOf("forward-pass", { F1: attacks[name].code.replace("FRIEND", port), ...rest }),
    ]);
  const tampered = notebookNames.map((name, k) => [
    `n${k}/forward-pass.ipynb`,
    notebookOf("forward-pass", { F1: wrong, ...rest }, notebookAttacks[name].cells),
  ]);
  const unreadable = Object.entries(unreadables)
    .filter(([name]) => isTried(name))
    .map(([name, { source }]) => [`${name}/forward-pass.ipynb`, notebookOf("forward-pass", { F1: source, ...rest })]);
  const nested = JSON.parse(notebookOf("forward-pass", { F1: wrong, ...rest }));
  const depth = 100_000;
  const kernel = JSON.stringify({ ...nested, metadata: { kernelspec: { name: "DEEP" } } });
  const deep = [["nested/forward-pass.ipynb", kernel.replace('"DEEP"', "[".repeat(depth) + "]".repeat(depth))]];
  // Among them, one who has done nothing but the work.
  const honest = [["s9-honest/forward-pass.ipynb", notebookOf("forward-pass", { F1: "right", ...rest })]];
  writeFiles(join(folder, "in"), Object.fromEntries([...files, ...tampered, ...unreadable, ...deep, ...honest]));
  students = await graded(join(folder, "in"), join(folder, "out"), await realSandbox(folder));
}, 1_200_000);

afterAll(() => {
  friend.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("nobody gains a point by", () => {
  for (const [k, name] of names.entries()) {
    it(name, tagged(name), () => {
      const { told, spoilsTheRest } = attacks[name];
      const student = students.get(`s${k}`);
      const { F1, F2, F3 } = scores(student);
      expect(F1).toBe(0);
      if (!spoilsTheRest) expect([F2, F3], message(student, "F2")).toEqual([7, 9]);
      expect(message(student, "F1")).toMatch(told);
    });
  }

  it.each(notebookNames.map((name, k) => [name, k] as const))("%s", (name, k) => {
    const student = students.get(`n${k}`);
    expect(scores(student)).toMatchObject({ F1: 0, F2: 7, F3: 9 });
    expect(message(student, "F1")).toMatch(/A1\[/);
    // On a weakened grader it does.
    const change = notebookAttacks[name];
    const tampered = parseNotebook(notebookOf("forward-pass", { F1: wrong, ...rest }, change.cells));
    expect(change.points(tampered), change.naive).toBeGreaterThan(16);
    expect(change.points(parseNotebook(notebookOf("forward-pass", { F1: wrong, ...rest })))).toBe(16);
  });
});

describe("nobody brings the grader down by", () => {
  for (const [name, { told }] of Object.entries(unreadables)) {
    it(`${name} without end`, tagged(name), () => {
      expect(scores(students.get(name))).toEqual({ F1: 0, F2: 0, F3: 0 });
      expect(message(students.get(name), "F1")).toMatch(told);
    });
  }

  it("a kernel's name that no JSON can hold", () => {
    expect(scores(students.get("nested"))).toEqual({ F1: 0, F2: 7, F3: 9 });
    expect(students.get("nested")?.assignments[0].flags.join()).toMatch(/kernel is not named/);
  });

  it("which would have ended a grader that reads notebooks in its own process", () => {
    expect(() => ts.createSourceFile("x.ts", unreadables.parentheses.source, ts.ScriptTarget.ES2022)).toThrow(
      RangeError,
    );
  });

  // Later, JSON is written without recursion.
  it.runIf(Number.parseInt(process.versions.node, 10) < 26)("also by the name, on a Node before 26", () => {
    const { metadata } = JSON.parse(readFileSync(join(folder, "in/nested/forward-pass.ipynb"), "utf8"));
    expect(() => JSON.stringify(metadata)).toThrow(RangeError);
  });
});

it("whoever is graded beside them loses nothing", () => {
  expect(scores(students.get("s9-honest"))).toEqual({ F1: 4, F2: 7, F3: 9 });
});

it("none of them has left anything outside the sandbox, or been heard there", () => {
  const places = ["/mnt", "/tmp", "", "/dev/shm", root];
  for (const place of places) expect(existsSync(`${place}/F1-passed`)).toBe(false);
  expect(heard).toBe("");
});

it("what a student's code says is text in the feedback, not markup", () => {
  const page = readFileSync(join(folder, "out", `s${names.indexOf("markup in its message")}`, "feedback.html"), "utf8");
  expect(page).not.toContain("<script>");
  expect(page).toContain("&lt;script&gt;");
});
