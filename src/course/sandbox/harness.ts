/**
 * The program that runs in the sandbox: it runs a student's notebook, calls the functions that are asked for, and tells
 * what came back. It knows neither what is right nor where the questions come from.
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import type { Implementation } from "../../equations/equation";
import { Boxes, namespaceOf } from "../../kernel/core/boxes";
import { attempt } from "../plain-data";
import * as standIn from "./stand-in";
import { decodeQuestions, encodeAnswer, type Order } from "./wire";

// Taken before a student's code can change them, so that an honest notebook that extends something is not in its own way.
const { stringify } = JSON;
const exit = process.exit.bind(process);
// An abort means one thing alone, that the memory is full.
process.abort = () => exit(1);
const output = Number(process.argv[2] ?? 3);

function say(message: object): void {
  const bytes = Buffer.from(`${stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(output, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

/** How many of the first questions are asked again after the last: the same question has the same answer. */
const AGAIN = 3;

/** Whether a function is being asked, rather than the notebook run. */
let asking = false;

/**
 * What is imported and is not there. It can be indexed and shown, and called while the notebook runs: a chart that is not
 * drawn harms nobody. A function that needs it would give a wrong answer, so there it says `why`.
 */
function absent(why: string): unknown {
  const itself: unknown = new Proxy(() => {}, {
    get: (_, name) => (isProbe(name) ? undefined : itself),
    apply: () => {
      if (asking) throw new Error(why);
      return itself;
    },
  });
  return itself;
}

/** Whether it is JavaScript itself that looks for `name`: whether a value is a promise, or how it is shown. */
function isProbe(name: string | symbol): name is symbol | "then" {
  return typeof name === "symbol" || name === "then";
}

const fromDisk = createRequire("/");

/** With these a program could look into itself, and see what is not meant for it. */
const HIDDEN = /^(node:)?(inspector|v8)(\/|$)/;
const { getBuiltinModule } = process;
if (getBuiltinModule) {
  process.getBuiltinModule = ((id: string) => (HIDDEN.test(id) ? undefined : getBuiltinModule(id))) as never;
}
for (const name of ["binding", "_linkedBinding"]) Object.defineProperty(process, name, { value: undefined });

/** `require` for a student's notebook. */
function requireHere(id: string): unknown {
  if (/^\.{1,2}\/src(\/|$)/.test(id)) {
    return new Proxy(standIn, {
      get: (known, name) => {
        if (name in known || isProbe(name)) return Reflect.get(known, name);
        return absent(`${name}: of ./src, only Matrix and Random are there where your work is graded`);
      },
    });
  }
  return isBuiltin(id) && !HIDDEN.test(id)
    ? fromDisk(id)
    : absent(`${id}: this package is not there where your work is graded`);
}

function text(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "something that is not an Error";
  }
}

type Names = Readonly<Record<string, () => unknown>>;

/** What a name means by now; nothing as long as it has no value. */
function meaningOf(names: Names, name: string): unknown {
  try {
    return names[name]?.();
  } catch {
    return undefined;
  }
}

async function work({ code, skip, tasks }: Order): Promise<void> {
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<Names>;
  // All is made ready before a student's code can listen.
  const questions = new Map(tasks.map(({ id, questions }) => [id, decodeQuestions(questions)]));
  const skipped = new Set(skip.map(({ cell, statement }) => `${cell} ${statement}`));
  /** The functions that were asked where the notebook checks them, and whether they answered every question. */
  const early = new Map<string, { implementation: unknown; complete: boolean }>();

  const begin = (cell: number, statement: number) => {
    if (skipped.has(`${cell} ${statement}`)) return false;
    say({ kind: "statement", cell, statement });
    return true;
  };
  const failed = (cell: number, error: unknown) => say({ kind: "cell failed", cell, why: text(error).slice(0, 500) });
  const ask = (id: string, implementation: Implementation) => {
    say({ kind: "begin", id });
    asking = true;
    const all = questions.get(id) ?? [];
    let complete = true;
    for (const [index, args] of [...all, ...(all.length > AGAIN ? all.slice(0, AGAIN) : [])].entries()) {
      const answer = attempt(implementation, args);
      complete &&= answer.kind !== "failure";
      say({ kind: "answer", id, index, answer: encodeAnswer(answer) });
      // To fill the memory again and again would only take time.
      if (answer.kind === "failure" && /allocation failed/.test(answer.why)) break;
    }
    asking = false;
    say({ kind: "asked", id });
    early.set(id, { implementation, complete });
  };
  /** Asks the functions that the notebook checks here. */
  const check = (ids: readonly string[], names: Names) => {
    for (const { id, functionName } of tasks) {
      const implementation = ids.includes(id) && !early.has(id) ? meaningOf(names, functionName) : undefined;
      if (typeof implementation === "function") ask(id, implementation as Implementation);
    }
  };
  let names: Names;
  try {
    const parameters = ["require", "$begin", "$failed", "$check", "$boxes", "$namespaceOf"];
    names = await new AsyncFunction(...parameters, code)(requireHere, begin, failed, check, new Boxes(), namespaceOf);
  } catch (error) {
    // Each cell catches its own errors, so it is the program as a whole that can't be run.
    say({ kind: "not run", why: text(error).slice(0, 500) });
    return;
  }
  for (const { id, functionName } of tasks) {
    const before = early.get(id);
    const implementation = meaningOf(names, functionName);
    if (before?.complete && before.implementation === implementation) continue;
    if (typeof implementation === "function") ask(id, implementation as Implementation);
    else if (!before) say({ kind: "missing", id });
  }
  say({ kind: "end" });
}

// A promise that nobody waits for must not end the work.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
say({ kind: "start" });
await work(JSON.parse(readFileSync(0, "utf8")) as Order);
exit(0);
