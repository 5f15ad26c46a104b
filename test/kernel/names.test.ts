import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "./client";
import { ROOT } from "./project";
import { answer, answerOf, printed } from "./session";

let kernel: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  kernel = await Client.start(ROOT);
});

afterAll(() => kernel?.close());

/** Each is a session of its own names: cells, and what the last one answers. */
const SESSIONS: Record<string, [cells: string[], last: string | undefined]> = {
  "a function reads what a later cell sets": [
    ["let lr = 0.1; function step() { return lr }", "lr = 0.5; step()"],
    "0.5",
  ],
  "a function reads what a later cell declares anew": [
    ["const rate = 0.1; const scaled = () => rate * 2;", "const rate = 3;", "scaled()"],
    "6",
  ],
  "a counter that a function moves": [["let n1 = 0; function tick() { n1++ }", "tick(); tick();", "n1"], "2"],
  "an array that is another one later": [
    ["let list = [1]; const size = () => list.length;", "list = [1, 2];", "size()"],
    "2",
  ],
  "a helper that is defined anew": [
    [
      "function half(x: number) { return x / 2 } function quarter(x: number) { return half(half(x)) }",
      "function half(x: number) { return x * 10 }",
      "quarter(1)",
    ],
    "100",
  ],
  "a loop that waits for a later cell": [
    [
      "let running = true, rounds = 0; const ended = (async () => { while (running) { rounds++; await new Promise((done) => setTimeout(done, 1)); } return 'ended' })();",
      "running = false;",
      "await ended",
    ],
    "'ended'",
  ],
  "names of blocks and loops are not the session's": [
    [
      "{ let inner1 = 1; const inner2 = 2; } for (let inner3 = 0; inner3 < 2; inner3++) {}",
      "[typeof inner1, typeof inner2, typeof inner3]",
    ],
    expect.stringMatching(/Cannot find name 'inner1'[\s\S]*'inner2'[\s\S]*'inner3'/) as unknown as string,
  ],
  "var in blocks is": [["for (var v1 = 0; v1 < 3; v1++) { var v2 = v1; }", "[v1, v2]"], "[ 3, 2 ]"],
  "enums, namespaces and what is taken apart are": [
    [
      "enum Side { L, R } namespace Tools { export const two = 2 } const { a: [p1, ...p2], b: p3 = 4 } = { a: [1, 2, 3] } as any;",
      "[Side.R, Tools.two, p1, p2, p3]",
    ],
    "[ 1, 2, 1, [ 2, 3 ], 4 ]",
  ],
  "using ends with its cell": [
    ["let log1: string[] = []; using held = { [Symbol.dispose]() { log1.push('gone') } }; log1.push('here');", "log1"],
    "[ 'here', 'gone' ]",
  ],
  "a name that no cell has declared is refused": [
    ["noSuchName = 1"],
    expect.stringContaining("Cannot find name 'noSuchName'") as unknown as string,
  ],
  "a new name has no value before its statement": [
    [
      "function readSoon() { return soon } let early = ''; try { readSoon() } catch (error) { early = error.name } const soon = 1; early",
    ],
    "'ReferenceError'",
  ],
  "an old name keeps its value until then": [
    ["let x1 = 'old'; function readX1() { return x1 }", "const seen = readX1(); let x1 = 'new'; seen + x1"],
    "'oldnew'",
  ],
  "functions are there from the start": [
    ["const called = later1(); function later1() { return 'there' } called"],
    "'there'",
  ],
  "any kind replaces any kind": [
    [
      "const kind: number = 1;",
      "function kind() { return 2 }",
      "class kind { n = 3 }",
      "enum kind { Four = 4 }",
      "import { sep as kind } from 'node:path';",
      "let kind = 'six'; kind",
    ],
    "'six'",
  ],
  "const forbids assignment": [
    ["const fixed = 1;", "fixed = 2;"],
    expect.stringContaining("Cannot assign to 'fixed' because it is a constant") as unknown as string,
  ],
  "but not redeclaration": [["const again1 = 1;", "const again1 = 'two'; again1.length"], "3"],
  "let x = x + 1 is refused": [
    ["let x2 = 1;", "let x2 = x2 + 1;"],
    expect.stringContaining("'x2' used before its declaration") as unknown as string,
  ],
  "a redeclaration that fails keeps value and type": [
    ["let kept1 = 1;", "const kept1 = (() => { throw new Error('no') })() as string;", "kept1.toFixed(1)"],
    "'1.0'",
  ],
  "what a failed cell reached is there": [
    ["const reached: number[] = []; reached.push(1); throw new Error('x'); const never = 1;", "reached"],
    "[ 1 ]",
  ],
  "objects keep their class, names mean the newest": [
    [
      "class Net { name() { return 'old' } static make() { return new Net() } } const made = new Net(); const { make } = Net; function fresh() { return new Net() } class Deep extends Net {}",
      "class Net { name() { return 'new' } }",
      "[made.name(), make().name(), new Deep().name(), fresh().name()]",
    ],
    "[ 'old', 'old', 'old', 'new' ]",
  ],
  "a class may extend one that extended its namesake": [
    [
      "class Base1 { a() { return 'a' } } class Base2 extends Base1 { b() { return 'b' } }",
      "class Base1 extends Base2 { c() { return 'c' } }",
      "const it1 = new Base1(); it1.a() + it1.b() + it1.c()",
    ],
    "'abc'",
  ],
  "private members are of one class": [
    [
      "class Own { #n = 1; get n() { return this.#n } } const own1 = new Own(); class Sub extends Own {}",
      "class Own { #n = 2; get n() { return this.#n } }",
      "[own1.n, new Sub().n, new Own().n]",
    ],
    "[ 1, 1, 2 ]",
  ],
  "a value and a type of one name are replaced separately": [
    [
      "interface Pair { a: number }",
      "const Pair = (a: number): Pair => ({ a });",
      "const pair: Pair = Pair(7); pair.a",
    ],
    "7",
  ],
  "a type is replaced and the value stays": [
    ["const Both = 5; type Both = string;", "type Both = number;", "const both: Both = Both; both"],
    "5",
  ],
  "an import follows its module": [
    ["import { createRequire as make1 } from 'node:module'; typeof make1"],
    "'function'",
  ],
  "a function that is called through its name has no this": [
    ["function whose(this: unknown) { return this === undefined }", "whose()"],
    "true",
  ],
  "functions have the names of their variables": [
    ["const arrow = () => 1, Shape = class {};", "[arrow.name, Shape.name]"],
    "[ 'arrow', 'Shape' ]",
  ],
};

describe("the rule for names", () => {
  it.each(Object.entries(SESSIONS))("%s", async (_, [cells, last]) => {
    expect(await answer(kernel, ...cells)).toEqual(last);
  });
});

describe("a function that no longer fits", () => {
  it("is told in one line, and runs all the same", async () => {
    await kernel.run("let width = 2; function area() { return width * 3 }");
    const changed = await kernel.run("let width = 'wide';");
    expect(changed.reply.status).toBe("ok");
    expect(printed(changed, "stderr")).toBe(
      "area was checked with width: number; now there is width: string: The left-hand side of an arithmetic operation must be of type 'any', 'number', 'bigint' or an enum type.\n",
    );
    expect(await answer(kernel, "area()")).toBe("NaN");
  });

  it("is no false alarm where it fits", async () => {
    await kernel.run(
      "const small = 1; function twice(x: number) { return 2 * x } function twiceSmall() { return twice(small) }",
    );
    expect(printed(await kernel.run("const small = 5;"), "stderr")).toBe("");
    expect(printed(await kernel.run("function twice(x: number, y = 1) { return 2 * x * y }"), "stderr")).toBe("");
    expect(await answer(kernel, "twiceSmall()")).toBe("10");
  });

  it("has what follows from it declared anew", async () => {
    await kernel.run("let source = 1; function read() { return source } function readTwice() { return read() }");
    await kernel.run("let source = 'text';");
    expect(await answer(kernel, "readTwice().toUpperCase()")).toBe("'TEXT'");
  });
});

it("a session of 2,000 cells is as quick at its end as at its beginning", {
  tags: ["slow"],
  timeout: 900_000,
}, async () => {
  const long = await Client.start(ROOT);
  const spent = async () =>
    Number(answerOf(await long.run("const { user, system } = process.cpuUsage(); user + system")));
  const cost = async (from: number, to: number) => {
    const before = await spent();
    for (let k = from; k < to; k++) {
      expect(answerOf(await long.run(`const chained${k} = ${k === 0 ? 0 : `chained${k - 1} + 1`};\nchained${k}`))).toBe(
        String(k),
      );
    }
    return ((await spent()) - before) / (to - from);
  };
  try {
    await cost(0, 30);
    const early = await cost(30, 130);
    await cost(130, 1900);
    // Processor time, so that the rest of the machine does not matter much: linear growth would make it six times as much.
    expect((await cost(1900, 2000)) / early).toBeLessThan(2);
  } finally {
    await long.close();
  }
});
