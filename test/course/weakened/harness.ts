/**
 * What graders do that were built in a hurry: they run a student's notebook and decide in the same process whether it is
 * right, each naive in a way of its own. The tests of hostile submissions show with them that an attack is one.
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { exercises } from "../../../src/course/exercises";
import { Boxes, namespaceOf } from "../../../src/kernel/core/boxes";
import { Matrix } from "../../../src/matrix";

/** One set of inputs of leakyRelu, and what is right. */
export interface WeakInput {
  readonly Z: Matrix;
  readonly slope: number;
  readonly expected: readonly number[];
}

/** What a weakened grader is given. */
export interface WeakOrder {
  readonly check: CheckName;
  /** The notebook as a program, and the cell of leakyRelu as it was written. */
  readonly code: string;
  readonly source: string;
  readonly inputs: readonly { rows: number[][]; slope: number; expected: number[] }[];
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a student's function is or returns
type Anything = any;

interface Context {
  readonly order: WeakOrder;
  readonly inputs: readonly WeakInput[];
  /** Runs the notebook; gives what it says leakyRelu is. */
  readonly run: () => Promise<Anything>;
}

const say = (message: object) => writeSync(3, `${JSON.stringify(message)}\n`);
const TOLERANCE = 1e-9;
const near = (a: number, b: number) => Math.abs(a - b) <= TOLERANCE;

/** A check that calls the function on every set of inputs, and says whether all was accepted. */
function comparing(accepts: (got: Anything, input: WeakInput, f: Anything) => boolean) {
  return async ({ run, inputs }: Context) => {
    const f = await run();
    say({ kind: "begin" });
    let passed = true;
    for (const input of inputs) if (!accepts(f(input.Z, input.slope), input, f)) passed = false;
    say({ passed });
  };
}

const strict = (got: Anything, { expected }: WeakInput) => {
  if (!Matrix.isMatrix(got) || got.data.length !== expected.length) return false;
  for (let k = 0; k < expected.length; k++) if (!near(got.data[k], expected[k])) return false;
  return true;
};

/** A module that is loaded again and again, as Node.js keeps it. */
const check = { exports: { verify: strict } };
const globals = globalThis as Anything;

const checks = {
  strictly: comparing(strict),
  "with every": comparing((got, { expected }) => expected.every((e, k) => near(got.data[k], e))),
  "with the typed array's every": comparing((got, { expected }) =>
    got.data.every((x: number, k: number) => x - expected[k] < TOLERANCE && expected[k] - x < TOLERANCE),
  ),
  "with a global function": comparing((got, input) => globals.verify(got, input).passed),
  "with a module": comparing((got, input) => check.exports.verify(got, input)),
  "with the matrices' own minus": comparing((got, { Z, expected }) => {
    const difference: Matrix = got.minus(new Matrix(Z.rows, Z.cols, Float64Array.from(expected)));
    for (const d of difference.data) if (!near(d, 0)) return false;
    return true;
  }),
  "with the answer's own equals": comparing((got, input) =>
    typeof got.equals === "function" ? got.equals(input.expected) : strict(got, input),
  ),
  "between bounds": comparing((got, { expected }) => {
    for (let k = 0; k < expected.length; k++) {
      if (!(got.data[k] >= expected[k] - TOLERANCE && got.data[k] <= expected[k] + TOLERANCE)) return false;
    }
    return true;
  }),
  "reading twice": comparing((got, { expected }) => {
    if (got.data.length !== expected.length) return false;
    return [...got.data].filter((x, k) => !near(x, expected[k])).length === 0;
  }),
  "with NaN let pass": comparing((got, { expected }) => {
    for (let k = 0; k < expected.length; k++) if (Math.abs(got.data[k] - expected[k]) > TOLERANCE) return false;
    return true;
  }),
  "relative to the larger": comparing((got, { expected }) => {
    for (const [k, e] of expected.entries()) {
      if (Number.isNaN(got.data[k])) return false;
      if (Math.abs(got.data[k] - e) / Math.max(Math.abs(got.data[k]), Math.abs(e), 1e-30) > TOLERANCE) return false;
    }
    return true;
  }),
  "with the argument after the call": comparing((got, { Z, slope }) =>
    strict(got, { Z, slope, expected: [...Z.data].map((z) => (z > 0 ? z : slope * z)) }),
  ),
  "over what came back": comparing((got, { expected }) => {
    for (const k of Object.keys(got.data ?? {})) if (!near(got.data[k], expected[Number(k)])) return false;
    return true;
  }),
  "as far as both go": comparing((got, { Z, expected }) => {
    for (let i = 0; i < Math.min(Z.rows, got.rows); i++) {
      for (let j = 0; j < Math.min(Z.cols, got.cols); j++) {
        if (!near(got.get(i, j), expected[i * Z.cols + j])) return false;
      }
    }
    return true;
  }),
  "as JSON": comparing((got, { expected }) => {
    if (!Matrix.isMatrix(got)) return false;
    const answer = JSON.parse(JSON.stringify({ answer: got })).answer;
    if (answer.passed !== undefined) return answer.passed; // a verdict, as verify returns one
    for (let k = 0; k < expected.length; k++) if (!near(answer.data[k], expected[k])) return false;
    return true;
  }),
  "with JSON of the end": async ({ run, inputs }: Context) => {
    const f = await run();
    let passed = true;
    for (const input of inputs) if (!strict(f(input.Z, input.slope), input)) passed = false;
    writeSync(3, `${JSON.stringify({ passed })}\n`);
  },
  "with a stack overflow excused": async ({ run, inputs }: Context) => {
    const f = await run();
    let passed = true;
    for (const { Z, slope, expected } of inputs) {
      try {
        if (!strict(f(Z, slope), { Z, slope, expected })) passed = false;
      } catch (error) {
        if (!(error instanceof RangeError)) passed = false; // the comparison's own recursion went too deep
      }
    }
    say({ passed });
  },
  "by exit code": async ({ run, inputs }: Context) => {
    const f = await run();
    let code = 0;
    for (const input of inputs) if (!strict(f(input.Z, input.slope), input)) code = 1;
    process.exit(code);
  },
  "by exit code, without process.exit": async (context: Context) => {
    const leave = (process as Anything).reallyExit.bind(process);
    process.exit = (() => {
      throw new Error("process.exit is not allowed");
    }) as never;
    const f = await context.run();
    let code = 0;
    for (const input of context.inputs) if (!strict(f(input.Z, input.slope), input)) code = 1;
    leave(code);
  },
  "by exit code, once the cells have run": async ({ run, inputs }: Context) => {
    const f = await run();
    say({ kind: "cells done" });
    let code = 0;
    for (const input of inputs) {
      await new Promise((done) => setTimeout(done, 30));
      if (!strict(f(input.Z, input.slope), input)) code = 1;
    }
    process.exit(code);
  },
  "by what is reported wrong": async ({ run, inputs }: Context) => {
    const f = await run();
    let wrong = false;
    for (const input of inputs) if (!strict(f(input.Z, input.slope), input)) wrong = true;
    if (wrong) {
      console.log("✗ F1");
      say({ kind: "wrong" });
    }
    say({ kind: "end" });
  },
  "two students in one process": async ({ run, inputs }: Context) => {
    try {
      strict((await run())(inputs[0].Z, inputs[0].slope), inputs[0]);
    } catch (error) {
      console.error((error as Error).message);
    }
    await new Promise((done) => setTimeout(done, 100));
    say({ kind: "next student", graded: true });
  },
  "with a neighbour": async ({ run, inputs }: Context) => {
    const neighbour = createRequire("/")("node:child_process").spawn("/bin/sleep", ["60"]);
    const died = new Promise((done) => neighbour.on("exit", () => done(true)));
    strict((await run())(inputs[0].Z, inputs[0].slope), inputs[0]);
    const killed = await Promise.race([died, new Promise((done) => setTimeout(() => done(false), 500))]);
    if (!killed) say({ kind: "next student", graded: true });
    neighbour.kill();
  },
  "with the cells' time bounded": async ({ order, inputs }: Context) => {
    globals.$arguments = [requireHere, () => true, () => {}, () => {}, new Boxes(), namespaceOf];
    const parameters = "require, $begin, $failed, $check, $boxes, $namespaceOf";
    const script = `(async function (${parameters}) {${order.code}})(...$arguments)`;
    const names = await new Script(script).runInThisContext({ timeout: 3000 });
    say({ passed: strict(names.leakyRelu()(inputs[0].Z, inputs[0].slope), inputs[0]) });
  },
  "with answers and messages as they are": async ({ run, inputs }: Context) => {
    const f = await run();
    for (const { Z, slope } of inputs) {
      try {
        say({ answer: Buffer.from(f(Z, slope).data.buffer).toString("base64") });
      } catch (error) {
        say({ error: (error as Error).message });
      }
    }
  },
  "with the cell's text in a try": async ({ order, inputs }: Context) => {
    const text = `try { ${order.source} } catch {} return check(leakyRelu);`;
    const verdict = new Function("check", text)((f: Anything) => ({
      passed: strict(f(inputs[0].Z, inputs[0].slope), inputs[0]),
    }));
    say(verdict);
  },
  "in the cell's scope": async ({ order, inputs }: Context) => {
    const $check = (f: Anything) => ({ passed: strict(f(inputs[0].Z, inputs[0].slope), inputs[0]) });
    say(new Function("$check", `${order.source}\nreturn $check(leakyRelu);`)($check));
  },
  "after another student": async ({ run, inputs }: Context) => {
    globals.leakyRelu = (Z: Matrix, slope: number) => Z.map((z) => (z > 0 ? z : slope * z));
    const f = (await run()) ?? globals.leakyRelu;
    say({ passed: strict(f(inputs[0].Z, inputs[0].slope), inputs[0]) });
  },
} satisfies Record<string, (context: Context) => Promise<void>>;

/** How a weakened grader checks. */
export type CheckName = keyof typeof checks;

function requireHere(id: string): unknown {
  if (id === "./src/course/exercises") return { exercises };
  if (id === "./src/course") return { verify: () => ({}), assertVerified: () => ({}) };
  if (id.startsWith("./src")) return { Matrix };
  return createRequire("/")(id);
}
requireHere.cache = { "./check": check } as Record<string, { exports: object }>;

globals.verify = (got: Anything, input: WeakInput) => ({ passed: strict(got, input) });

if (process.argv[2] === "run") {
  const order = JSON.parse(readFileSync(0, "utf8")) as WeakOrder;
  const inputs = order.inputs.map(({ rows, slope, expected }) => ({ Z: Matrix.fromRows(rows), slope, expected }));
  say({ kind: "ready" });
  const run = async () => {
    const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => Anything;
    const begin = () => true;
    const parameters = ["require", "$begin", "$failed", "$check", "$boxes", "$namespaceOf"];
    const nothing = () => {};
    const program = new AsyncFunction(...parameters, order.code);
    const names = await program(requireHere, begin, nothing, nothing, new Boxes(), namespaceOf);
    return names.leakyRelu?.();
  };
  await checks[order.check]({ order, inputs, run });
  process.exit(0);
}
