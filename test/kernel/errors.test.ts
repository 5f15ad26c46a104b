import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client, type Execution } from "./client";
import { TemporaryProject } from "./project";

const MATRIX = `/** A comment that the compiler may move. */
import { deep } from "./deep";

export interface Shape {
  rows: number;
}

export function rowsOf(shape: Shape): number {
  return shape.rows.valueOf();
}

export const viaDeep = (x: unknown): number => deep(x);

export class Grid {
  static make(): never {
    throw new RangeError("no grid");
  }
  async later(): Promise<never> {
    await null;
    throw new Error("later");
  }
}
`;

const DEEP = `type Unused = { a: number };

export function deep(x: unknown): number {
  enum Kind {
    A,
  }
  return (x as { y: { z: number } }).y.z + Kind.A;
}
`;

let project: TemporaryProject;
let kernel: Client;

beforeAll(async () => {
  project = await TemporaryProject.create({
    "src/index.ts": 'export * from "./matrix";\n',
    "src/matrix.ts": MATRIX,
    "src/deep.ts": DEEP,
  });
  kernel = await Client.start(project.root);
  await kernel.run('import { rowsOf, viaDeep, Grid } from "./src";');
});

afterAll(async () => {
  await kernel?.close();
  project?.close();
});

/** The lines of a traceback, without colours. */
function lines({ reply }: Execution): string[] {
  return stripVTControlCharacters(reply.traceback.join("\n")).split("\n");
}

/** The calls in a traceback. */
function calls(run: Execution): string[] {
  return lines(run).filter((line) => line.startsWith("    at "));
}

describe("a cell that throws", () => {
  it("sends an error message, and a full reply of the same content", async () => {
    const run = await kernel.run('throw new TypeError("wrong kind")');
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeError", evalue: "wrong kind" });
    const { ename, evalue, traceback, execution_count } = run.reply;
    expect(execution_count).toBeGreaterThan(0);
    const messages = run.outputs.map((message) => [message.header.msg_type, message.content]);
    expect(messages[1]).toEqual(["error", { ename, evalue, traceback }]);
    expect(messages).toHaveLength(2);
  });

  it("points at the learner's line, and shows it", async () => {
    const run = await kernel.run(`interface Box { size?: { n: number } }
type Alias = Box;

function open(box: Alias): number {
  return box.size!.n;
}

open({});`);
    const n = run.reply.execution_count;
    expect(lines(run)).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'n')",
      "  5 |   return box.size!.n;",
      "    |                    ^",
      `    at open (Cell [${n}], line 5)`,
      `    at Cell [${n}], line 8`,
    ]);
  });

  it("points at the right line after an await, and in a cell that awaits", async () => {
    const run = await kernel.run(`type T = 1;
await new Promise((resolve) => setTimeout(resolve, 1));

throw new Error("after");`);
    expect(lines(run)[1]).toBe('  4 | throw new Error("after");');
    expect(calls(run)).toEqual([`    at Cell [${run.reply.execution_count}], line 4`]);
  });

  it("points at the right line of a function from an earlier cell", async () => {
    const definition = await kernel.run("\n\nfunction earlier(f: () => void) {\n  f();\n}");
    const run = await kernel.run("\nearlier(() => {\n  (null as any).x;\n});");
    const [n, m] = [run.reply.execution_count, definition.reply.execution_count];
    expect(calls(run).slice(-2)).toEqual([`    at earlier (Cell [${m}], line 4)`, `    at Cell [${n}], line 2`]);
  });

  it("names files of the project by their TypeScript lines", async () => {
    const run = await kernel.run("\nviaDeep({});");
    expect(lines(run).slice(1)).toEqual([
      "  7 |   return (x as { y: { z: number } }).y.z + Kind.A;",
      "    |                                        ^",
      "    at deep (src/deep.ts:7:40)",
      expect.stringMatching(/^ {4}at viaDeep \(src\/matrix\.ts:12:\d+\)$/),
      `    at Cell [${run.reply.execution_count}], line 2`,
    ]);
  });

  it("names methods, static ones and asynchronous ones", async () => {
    expect(calls(await kernel.run("Grid.make()"))[0]).toMatch(/at (Grid\.)?make \(src\/matrix\.ts:16:11\)/);
    expect(calls(await kernel.run("await new Grid().later()"))[0]).toBe("    at Grid.later (src/matrix.ts:20:11)");
  });

  it("shows nothing of the kernel, of tslab, of Node.js and of packages", async () => {
    for (const code of [
      'import pl from "nodejs-polars";\npl.DataFrame({ a: [1] }).select("nope")',
      "JSON.parse('{')",
      'await import("fs").then((fs) => fs.promises.readFile("nope"))',
      '[1].map(() => require("fs").readFileSync("nope"))',
      "setTimeout(5 as any)",
      "process.stdout.write.call(null, Symbol() as any)",
    ]) {
      const run = await kernel.run(code);
      expect(run.reply.status, code).toBe("error");
      expect(lines(run).join("\n"), code).not.toMatch(/node_modules|main\.cjs|tslab|node:|evalmachine|cell-\d/);
    }
  });

  it("an error's own stack speaks of the same lines", async () => {
    const run = await kernel.run("type A = 1;\ntry { rowsOf(undefined!) } catch (error) { console.log(error.stack); }");
    const text = run.outputs.find((message) => message.header.msg_type === "stream")?.content.text;
    expect(text.split("\n").slice(1)).toEqual([
      "    at rowsOf (src/matrix.ts:9:16)",
      `    at Cell [${run.reply.execution_count}], line 2`,
      "",
    ]);
  });

  it("shows causes, and the errors of an AggregateError", async () => {
    const caused = await kernel.run('throw new Error("outer", { cause: new RangeError("inner") })');
    expect(lines(caused)).toContain("Caused by:");
    expect(lines(caused)).toContain("  RangeError: inner");
    const several = await kernel.run('await Promise.any([Promise.reject(new Error("first")), Promise.reject(2)])');
    expect(several.reply.ename).toBe("AggregateError");
    expect(lines(several)).toContain("  Error: first");
  });

  it("is told of what is no Error", async () => {
    expect((await kernel.run('throw "a text"')).reply).toMatchObject({ status: "error", evalue: "'a text'" });
    expect((await kernel.run("throw null")).reply).toMatchObject({ status: "error", evalue: "null" });
    expect((await kernel.run("await Promise.reject(undefined)")).reply.status).toBe("error");
  });

  it("survives errors that are hard to read", async () => {
    const nasty = 'throw Object.assign(new Error("x"), { get message() { throw 1; }, name: Symbol("n") })';
    expect((await kernel.run(nasty)).reply.status).toBe("error");
    expect((await kernel.run('throw new Proxy({}, { get() { throw new Error("trap"); } })')).reply.status).toBe(
      "error",
    );
    expect((await kernel.run("const loop = new Error('self'); loop.cause = loop; throw loop;")).reply.evalue).toBe(
      "self",
    );
    expect((await kernel.run("1 + 1")).reply.status).toBe("ok");
  });

  it("a function that calls itself without end is told once", async () => {
    const run = await kernel.run("function forever(): number {\n  return forever() + 1;\n}\nforever();");
    expect(run.reply.ename).toBe("RangeError");
    expect(calls(run).length).toBeLessThan(4);
  });
});

describe("a cell that the compiler refuses", () => {
  it("is told line, column and message of a wrong type", async () => {
    const run = await kernel.run('\nconst wrong: number = "text";');
    const n = run.reply.execution_count;
    expect(run.reply).toMatchObject({
      status: "error",
      ename: "TypeScriptError",
      evalue: `Cell [${n}], line 2, column 7: Type 'string' is not assignable to type 'number'.`,
    });
    expect(lines(run).slice(1)).toEqual(['  2 | const wrong: number = "text";', "    |       ^^^^^"]);
  });

  it("is told of all wrong types, each in one piece", async () => {
    const run = await kernel.run("const a: { b: { c: number } } = { b: { c: '' as string } as { c: string } };\nnope;");
    expect(run.reply.evalue.split("Cell [")).toHaveLength(3);
    expect(run.reply.evalue).toContain("Type 'string' is not assignable to type 'number'");
  });

  it("is told of wrong syntax", async () => {
    const run = await kernel.run("const x = ;");
    expect(run.reply).toMatchObject({ status: "error", ename: "SyntaxError" });
    expect(run.reply.evalue).toMatch(/^Cell \[\d+\], line 1, column 11: Expression expected\.$/);
  });

  it("doesn't run, not even in part", async () => {
    await kernel.run("let touched = false;");
    await kernel.run('touched = true; const t: number = "";');
    const { outputs } = await kernel.run("touched");
    expect(outputs[1].content.data["text/plain"]).toBe("false");
  });

  it("is told of an error in src by the file's name and line", async () => {
    project.write("src/broken.ts", 'export const fine = 1;\n\nexport const bad: number = "text";\n');
    const run = await kernel.run('import { fine } from "./src/broken";');
    expect(run.reply.evalue).toBe("src/broken.ts:3:14: Type 'string' is not assignable to type 'number'.");
    expect(lines(run)[1]).toBe('  3 | export const bad: number = "text";');
  });

  it("is told of a module that doesn't exist", async () => {
    const run = await kernel.run('import { x } from "./src/nowhere";');
    expect(run.reply.evalue).toContain("Cannot find module './src/nowhere'");
    expect((await kernel.run('require("./src/nowhere")')).reply.evalue).toContain("Cannot find module './src/nowhere'");
  });
});

describe("process.exit", () => {
  it("is refused with an explanation, and the kernel lives on", async () => {
    await kernel.run("const survivor = 1;");
    expect((await kernel.run("process.exit(3)")).reply.evalue).toMatch(
      /^process\.exit is not available in a notebook: /,
    );
    expect((await kernel.run("survivor")).reply.status).toBe("ok");
  });
});
