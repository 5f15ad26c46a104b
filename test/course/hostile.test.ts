import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StudentResult } from "../../src/course/grader/reports";
import type { Cell } from "../../src/course/notebook";
import { graded, message, notebookOf, ownCell, realSandbox, scores, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

/** Somebody who does not know F1 and wants its points all the same. F2 and F3 are right. */
interface Attack {
  /** The cell in which F1 belongs. */
  readonly code: string;
  /** What a student is told. */
  readonly told?: RegExp;
  /** Whether it may spoil the student's own right answers as well. */
  readonly spoilsTheRest?: true;
  readonly cells?: (cells: Cell[]) => Cell[];
}

/** A function that does something and then returns its argument, which is wrong. */
const f = (does: string) => `function leakyRelu(Z1: Matrix, slope: number): any {\n${does}\n  return Z1.copy();\n}`;
const wrong = f("");
const node = (module: string) =>
  `const lib: any = (globalThis as any).process.getBuiltinModule?.("${module}") ?? require("${module}");`;

const attacks: Readonly<Record<string, Attack>> = {
  "a loop without an end": { code: f("while (true) {}"), told: /took too long/ },
  "a loop in the cell": { code: `${wrong}\nwhile (true) {}`, told: /A1\[/ },
  "a loop after an await": { code: `${wrong}\nawait null; while (true) {}`, told: /A1\[/ },
  "a promise that never comes": {
    code: `${wrong}\nawait new Promise(() => setInterval(() => {}, 1000));`,
    told: /A1\[/,
  },
  "recursion without an end": { code: f("leakyRelu(Z1, slope);"), told: /Maximum call stack/ },
  "exit in the function": { code: f("process.exit(0);"), told: /ended early/ },
  "exit in the cell": { code: `${wrong}\nprocess.exit(0);`, told: /A1\[/ },
  "exit by another way": { code: f("(process as any).reallyExit(0);"), told: /ended early/ },
  abort: { code: f("process.abort();"), told: /ended early/ },
  "kills its process": { code: f("process.kill(process.pid, 'SIGKILL');"), told: /ended early/ },
  "kills everything": { code: f("try { process.kill(-1, 'SIGKILL'); } catch {}"), told: /ended early|A1\[/ },
  "arrays without end": {
    code: f("const all: any[] = []; while (true) all.push(new Array(1e5).fill(1.5));"),
    told: /memory|ended early|too long/,
  },
  "buffers without end": {
    code: f("const all: any[] = []; while (true) all.push(Buffer.alloc(5e7, 1));"),
    told: /memory|ended early/,
  },
  "a string without end": { code: f("let s = 'x'; while (true) s += s;"), told: /A1|stopped with|memory/ },
  "processes without end": {
    code: f(
      `${node("node:child_process")} for (let k = 0; k < 50; k++) { try { lib.spawn(process.execPath, ["-e", "for(;;);"]); } catch {} }`,
    ),
    told: /A1\[|ended early/,
  },
  "threads without end": {
    code: f(
      `${node("node:worker_threads")} for (let k = 0; k < 500; k++) { try { new lib.Worker("for(;;);", { eval: true }); } catch {} }`,
    ),
    told: /too many threads/,
  },
  "output without end": {
    code: f("for (let k = 0; k < 1e5; k++) console.log('passed '.repeat(1000));"),
    told: /A1\[|too long/,
  },
  "answers without end": {
    code: f(`${node("node:fs")} for (;;) lib.writeSync(3, 'x'.repeat(65536));`),
    told: /put out far too much/,
  },
  "lines without end on the answers' channel": {
    code: f(
      `${node("node:fs")} for (let k = 0; k < 5e4; k++) lib.writeSync(3, '{"kind":"begin","id":"nonsense"}\\n');`,
    ),
    told: /A1\[|too long/,
  },
  "says that all is done": {
    code: f(`${node("node:fs")} lib.writeSync(3, '{"kind":"end"}\\n'); process.exit(0);`),
    told: /no answer|ended early/,
    spoilsTheRest: true,
  },
  "answers with a verdict": {
    code: f(
      `${node("node:fs")} lib.writeSync(3, '{"kind":"answer","id":"F1","index":0,"answer":{"passed":true,"score":4}}\\n');`,
    ),
    told: /A1\[/,
  },
  "answers with prototypes": {
    code: f(
      `${node("node:fs")} lib.writeSync(3, '{"kind":"answer","id":"__proto__","index":0,"answer":{"kind":"record","fields":{"__proto__":{"rows":1}}}}\\n');`,
    ),
    told: /A1\[/,
  },
  "prints a score": { code: f("console.log('✓ F1 passed'); console.error('score: 4/4');"), told: /A1\[/ },
  "patches comparisons": {
    code: `Object.is = () => true; Math.abs = () => 0; Math.max = () => 0;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
  },
  "patches arrays": {
    code: `Array.prototype.every = () => true; Array.prototype.some = () => false; Array.prototype.find = () => undefined as any;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
  },
  "patches typed arrays": {
    code: `Float64Array.prototype.every = () => true; Float64Array.prototype.findIndex = () => -1;\n${wrong}`,
    told: /A1\[/,
    spoilsTheRest: true,
  },
  "patches JSON": {
    code: `JSON.stringify = (() => '{"passed":true}') as any; JSON.parse = (() => ({ passed: true })) as any;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
  },
  "patches the check": {
    code: `(globalThis as any).verify = () => ({ passed: true }); (globalThis as any).assertVerified = () => true;\n${wrong}`,
    told: /A1\[/,
  },
  "patches modules": {
    code: `for (const key of Object.keys((require as any).cache ?? {})) delete (require as any).cache[key];\n${wrong}`,
    told: /A1\[/,
  },
  "patches Matrix": {
    code: `(Matrix as any).isMatrix = () => true; (Matrix.prototype as any).minus = () => Matrix.zeros(1, 1);\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
  },
  "an object with valueOf": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { return { rows: Z1.rows, cols: Z1.cols, valueOf: () => 0, data: Z1.data }; }`,
    told: /./,
  },
  "an object with getters": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { const M: any = Z1.copy(); Object.defineProperty(M, "data", { get: () => new Float64Array(Z1.data.length) }); return M; }`,
    told: /does not fit/,
  },
  "a Proxy": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { return new Proxy(Z1.copy(), { get: (M: any, name) => name === "data" ? new Float64Array(M.data.length).fill(NaN) : M[name] }); }`,
    told: /./,
  },
  "an object with toJSON": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { return { toJSON: () => ({ passed: true }) }; }`,
    told: /./,
  },
  NaN: { code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Z1.map(() => NaN); }`, told: /is NaN/ },
  "numbers without end": {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Z1.map(() => Infinity); }`,
    told: /is ∞/,
  },
  "a giant matrix": {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Matrix.zeros(3000, 3000); }`,
    told: /./,
  },
  "its own argument, changed": { code: f("Z1.data.fill(0); return Z1;"), told: /changed one of its arguments/ },
  "a promise": {
    code: `async function leakyRelu(Z1: Matrix, slope: number): Promise<Matrix> { return Z1; }`,
    told: /async/,
  },
  "an exception that can't be read": {
    code: f(`throw new Proxy(new Error("x"), { get() { throw new Error("no"); } });`),
    told: /stopped with/,
  },
  "reads the disk": {
    code: f(
      `${node("node:fs")} for (const path of ["/etc/passwd", "${root}/notebooks/instructor/forward-pass.ipynb", "/proc/self/environ", "/proc/1/cmdline", "/home/student", "/root", "/tmp"]) { let there = true; try { lib.readFileSync(path); } catch { try { there = lib.readdirSync(path).some((name: string) => !process.execPath.startsWith(path + "/" + name + "/")); } catch { there = false; } } if (there) throw new Error("FOUND " + path); }`,
    ),
    told: /A1\[/,
  },
  "looks for secrets": {
    code: f(
      `const seen = JSON.stringify([process.env, process.argv]); if (/secret|seed|instructor|solution|PATH|HOME/.test(seen)) throw new Error("FOUND " + seen);`,
    ),
    told: /A1\[/,
  },
  "writes files": {
    code: f(
      `${node("node:fs")} for (const path of ["/tmp/x", "/home/student/x", "/x", "/dev/shm/x", "${root}/x"]) { let done = false; try { lib.writeFileSync(path, "x"); done = true; } catch {} if (done) throw new Error("WROTE " + path); }`,
    ),
    told: /A1\[/,
  },
  "opens connections": {
    code: `${node("node:net")}\nconst reached = await new Promise((done) => { const s = lib.connect(22, "127.0.0.1", () => done("REACHED")); s.on("error", () => done("no")); });\n${f('if (reached === "REACHED") throw new Error("REACHED");')}`,
    told: /A1\[/,
  },
  "asks the network's names": {
    code: `${node("node:os")}\n${f('if (Object.keys(lib.networkInterfaces()).some((name: string) => name !== "lo")) throw new Error("REACHED");')}`,
    told: /A1\[/,
  },
  "a late timer": {
    code: `${wrong}\nsetTimeout(() => process.exit(0), 1); setInterval(() => {}, 1);`,
    told: /A1\[/,
    spoilsTheRest: true,
  },
  "a late rejection": {
    code: `${wrong}\nPromise.reject(new Error("late")); setTimeout(() => { throw new Error("later"); }, 0);`,
    told: /A1\[/,
  },
  "breaks out of its cell": { code: `${wrong}\n} catch {} return { leakyRelu: () => 1 }; try {`, told: /./ },
  "takes the names of the machinery": {
    code: `var $begin: any = () => true, $failed: any = () => {}; const $error = 1, $function0 = 2;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
  },
  "takes away the checks": {
    code: wrong,
    told: /A1\[/,
    cells: (cells) => cells.filter(({ metadata }) => !metadata.nbgrader?.grade),
  },
  "writes checks of its own": {
    code: wrong,
    told: /A1\[/,
    cells: (cells) => cells.map((cell) => (cell.metadata.nbgrader?.grade ? { ...cell, source: "4" } : cell)),
  },
  "says that its checks are worth more": {
    code: wrong,
    told: /A1\[/,
    cells: (cells) =>
      cells.map((cell) =>
        cell.metadata.nbgrader?.grade
          ? { ...cell, metadata: { nbgrader: { ...cell.metadata.nbgrader, points: 1000 } } }
          : cell,
      ),
  },
  "hands in its checks twice": {
    code: wrong,
    told: /A1\[/,
    cells: (cells) => [...cells, ...cells.filter(({ metadata }) => metadata.nbgrader?.grade)],
  },
  "another function for the checks": {
    code: wrong,
    told: /A1\[/,
    cells: (cells) => [...cells, ownCell(f("return Matrix.zeros(Z1.rows, Z1.cols);"))],
  },
  "markup in its message": { code: f(`throw new Error("<script>alert(1)</script>");`), told: /<script>/ },
};

const folder = temporaryFolder("hostile");
let students: Map<string, StudentResult>;
const names = Object.keys(attacks);

beforeAll(async () => {
  for (const [k, name] of names.entries()) {
    const { code, cells } = attacks[name];
    writeFiles(join(folder, "in"), {
      [`s${k}/forward-pass.ipynb`]: notebookOf("forward-pass", { F1: code, F2: "right", F3: "right" }, cells),
    });
  }
  students = await graded(join(folder, "in"), join(folder, "out"), await realSandbox(folder));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("nobody gains a point by", () => {
  test.each(names.map((name, k) => [name, k] as const))("%s", (name, k) => {
    const { told, spoilsTheRest } = attacks[name];
    const student = students.get(`s${k}`);
    const { F1, F2, F3 } = scores(student);
    expect(F1).toBe(0);
    if (!spoilsTheRest) expect([F2, F3], message(student, "F2")).toEqual([7, 9]);
    expect(message(student, "F1")).toMatch(told ?? /./);
    expect(message(student, "F1")).not.toMatch(/FOUND|WROTE|REACHED/);
  });
});

test("there are at least 40 of them, and none has left anything outside the sandbox", () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
  for (const path of ["/tmp/x", "/dev/shm/x", "/x", join(root, "x")]) expect(existsSync(path)).toBe(false);
});

test("what a student's code says is text in the feedback, not markup", () => {
  const page = readFileSync(join(folder, "out", `s${names.indexOf("markup in its message")}`, "feedback.html"), "utf8");
  expect(page).not.toContain("<script>");
  expect(page).toContain("&#60;script&#62;");
});
