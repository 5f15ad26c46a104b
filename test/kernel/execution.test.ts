import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client, type Execution } from "./client";
import { TemporaryProject } from "./project";

const COUNTER = `
export let count = 0;
export class Point { constructor(public x = 1, public y = 2) {} norm(): number { return Math.hypot(this.x, this.y); } }
`;

let project: TemporaryProject;
let kernel: Client;

beforeAll(async () => {
  project = await TemporaryProject.create({
    "src/index.ts": 'export * from "./matrix";\n',
    "src/matrix.ts": COUNTER,
    "data/numbers.json": "[1, 2, 3]",
    "lessons/deep/note.txt": "",
  });
  kernel = await Client.start(project.root, { cwd: `${project.root}/lessons/deep` });
});

afterAll(async () => {
  await kernel?.close();
  project?.close();
});

/** The text of a cell's result. */
function resultOf({ outputs }: Execution): string | undefined {
  return outputs.find((message) => message.header.msg_type === "execute_result")?.content.data["text/plain"];
}

/** The types of a cell's messages. */
function typesOf({ outputs }: Execution): string[] {
  return outputs.map((message) => message.header.msg_type);
}

/** What a cell printed on a stream. */
function printed({ outputs }: Execution, name: string): string {
  const texts = outputs.filter((message) => message.content.name === name).map((message) => message.content.text);
  return texts.join("");
}

describe("names from earlier cells", () => {
  it("stand in shorthand properties, in literals, patterns and imports", async () => {
    await kernel.run('import { Point } from "./src";\nconst W1 = [1];\nlet b1 = 2;');
    expect(resultOf(await kernel.run("({ W1, b1, own: { W1 } })"))).toBe("{ W1: [ 1 ], b1: 2, own: { W1: [ 1 ] } }");
    expect(resultOf(await kernel.run("const local = 3;\n({ local, b1 })"))).toBe("{ local: 3, b1: 2 }");
    expect(resultOf(await kernel.run("new ({ Point }).Point(3, 4).norm()"))).toBe("5");
    expect(resultOf(await kernel.run("const scaled = [1, 2].map((b1) => ({ b1 }));\nscaled[1]"))).toBe("{ b1: 2 }");
    await kernel.run("({ b1 } = { b1: 7 });");
    expect(resultOf(await kernel.run("b1"))).toBe("7");
    await kernel.run("({ b1 = 8 } = {} as { b1?: number });");
    expect(resultOf(await kernel.run("b1"))).toBe("8");
  });
});

describe("where a notebook is", () => {
  it("the kernel works at the project's root, whatever folder it is started in", async () => {
    expect(resultOf(await kernel.run("process.cwd()"))).toBe(`'${project.root}'`);
    const data = await kernel.run('require("fs").readFileSync("./data/numbers.json", "utf8")');
    expect(resultOf(data)).toBe("'[1, 2, 3]'");
  });

  it.each(["./src", "./src/index", "./src/matrix"])("%s is imported with its types and at run time", async (path) => {
    const run = await kernel.run(`import { Point as P } from "${path}";\nnew P(3, 4).norm()`);
    expect(resultOf(run)).toBe("5");
    const wrong = await kernel.run(`import { Point as Q } from "${path}";\nnew Q("3")`);
    expect(wrong.reply.evalue).toContain("Argument of type 'string' is not assignable to parameter of type 'number'");
  });

  it("a JSON file is imported", async () => {
    expect(resultOf(await kernel.run('import numbers from "./data/numbers.json";\nnumbers[2]'))).toBe("3");
  });
});

describe("the last expression", () => {
  it("is an execute_result, not printed text", async () => {
    const run = await kernel.run("const three = 3;\n({ three })");
    expect(typesOf(run)).toEqual(["execute_input", "execute_result"]);
    expect(resultOf(run)).toBe("{ three: 3 }");
    expect(run.outputs[1].content.execution_count).toBe(run.reply.execution_count);
  });

  it("is not shown when it is undefined, and shown when it is null", async () => {
    expect(typesOf(await kernel.run("undefined"))).toEqual(["execute_input"]);
    expect(typesOf(await kernel.run("if (true) { 5; }"))).toEqual(["execute_input"]);
    expect(resultOf(await kernel.run("null"))).toBe("null");
  });

  it("is shown as a promise if it is one that nobody awaited", async () => {
    expect(resultOf(await kernel.run("new Promise(() => {})"))).toBe("Promise { <pending> }");
    expect(resultOf(await kernel.run("await Promise.resolve(6)"))).toBe("6");
  });

  it("shows the MIME bundle of Jupyter.display, with a text beside it", async () => {
    const run = await kernel.run('({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) })');
    const { data } = run.outputs[1].content;
    expect(data["text/html"]).toBe("<b>1</b>");
    expect(data["text/plain"]).toMatch(/Jupyter\.display/);
  });

  it("waits for a bundle that is promised, and encodes bytes", async () => {
    const run = await kernel.run(
      '({ [Symbol.for("Jupyter.display")]: async () => ({ "image/png": new Uint8Array([1, 2]), "text/plain": "p" }) })',
    );
    expect(run.outputs[1].content.data).toEqual({ "image/png": "AQI=", "text/plain": "p" });
  });

  it("fails clearly when Jupyter.display does", async () => {
    const thrown = await kernel.run('({ [Symbol.for("Jupyter.display")]() { throw new Error("no picture"); } })');
    expect(thrown.reply).toMatchObject({ status: "error", evalue: "no picture" });
    const wrong = await kernel.run('({ [Symbol.for("Jupyter.display")]: () => 5 })');
    expect(wrong.reply.evalue).toContain("must return an object of MIME types; it returned 5");
  });

  it("is a table for a polars DataFrame", async () => {
    const run = await kernel.run('import pl from "nodejs-polars";\npl.DataFrame({ a: [1, 2] })');
    const result = run.outputs.find((message) => message.header.msg_type === "execute_result");
    expect(result?.content.data["text/html"]).toContain("<table>");
    expect(result?.content.data["text/plain"]).toContain("shape: (2, 1)");
  });
});

describe("execute_request", () => {
  it("is announced by execute_input with the code and its number", async () => {
    const run = await kernel.run("7 + 1");
    expect(run.outputs[0].header.msg_type).toBe("execute_input");
    expect(run.outputs[0].content).toEqual({ code: "7 + 1", execution_count: run.reply.execution_count });
    const next = await kernel.run("8");
    expect(next.reply.execution_count).toBe(run.reply.execution_count + 1);
  });

  it("says nothing and counts nothing when it is silent", async () => {
    const { reply } = await kernel.run("1");
    const silent = await kernel.run('console.log("x");\n5', { silent: true });
    expect(typesOf(silent)).toEqual([]);
    expect(silent.reply).toMatchObject({ status: "ok", execution_count: reply.execution_count });
  });

  it("counts nothing when it is not to be stored", async () => {
    const { reply } = await kernel.run("1");
    const unstored = await kernel.run("5", { store_history: false });
    expect(unstored.reply.execution_count).toBe(reply.execution_count);
    expect(resultOf(unstored)).toBe("5");
  });

  it("evaluates user_expressions", async () => {
    const { reply } = await kernel.run("const side = 4;", { user_expressions: { area: "side ** 2", bad: "side.x" } });
    expect(reply.user_expressions.area).toEqual({ status: "ok", data: { "text/plain": "16" }, metadata: {} });
    expect(reply.user_expressions.bad).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });
});

describe("output", () => {
  it("keeps the order of text, displays and the result", async () => {
    const run = await kernel.run(`
      import { display } from "tslab";
      console.log("one");
      display.html("<i>two</i>");
      console.error("three");
      process.stdout.write("four");
      "five"`);
    expect(typesOf(run)).toEqual(["execute_input", "stream", "display_data", "stream", "stream", "execute_result"]);
    expect(printed(run, "stdout")).toBe("one\nfour");
    expect(printed(run, "stderr")).toBe("three\n");
    expect(run.outputs[2].content.data).toEqual({ "text/html": "<i>two</i>" });
  });

  it("leaves at once, out of a loop that holds the main thread", async () => {
    const id = kernel.sendCell(
      'console.log("before");\nwhile (!stop()) {}\nfunction stop() { return require("fs").existsSync("stop"); }',
    );
    expect((await kernel.output(id, "stream")).content.text).toBe("before\n");
    project.write("stop", "");
    expect((await kernel.executed(id)).reply.status).toBe("ok");
  });

  it("loses nothing of a flood", async () => {
    const run = await kernel.run("for (let i = 0; i < 100_000; i++) console.log(i);");
    expect(printed(run, "stdout")).toBe(Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
  });

  it("has a hook for live displays: shown, updated and cleared while the cell runs", async () => {
    const id = kernel.sendCell(`
      const broadcast = (globalThis as any)[Symbol.for("Jupyter.broadcast")];
      const content = (text: string) => ({ data: { "text/plain": text }, metadata: {}, transient: { display_id: "d1" } });
      broadcast("display_data", content("0 %"));
      await new Promise((resolve) => setTimeout(resolve, 5));
      broadcast("update_display_data", content("50 %"));
      broadcast("clear_output", { wait: true });
      while (!require("fs").existsSync("seen")) {}`);
    await kernel.output(id, "clear_output");
    expect((await kernel.output(id, "update_display_data")).content).toMatchObject({
      data: { "text/plain": "50 %" },
      transient: { display_id: "d1" },
    });
    project.write("seen", "");
    const { outputs } = await kernel.executed(id);
    expect(typesOf({ reply: {}, outputs })).toEqual([
      "execute_input",
      "display_data",
      "update_display_data",
      "clear_output",
    ]);
  });

  it("of a timer goes to the cell that set it", async () => {
    const first = kernel.sendCell('setTimeout(() => console.log("late"), 30);');
    await kernel.executed(first);
    const second = await kernel.run("await new Promise((resolve) => setTimeout(resolve, 60));");
    expect(printed(second, "stdout")).toBe("");
    expect((await kernel.output(first, "stream")).content.text).toBe("late\n");
  });
});

describe("names of earlier cells", () => {
  it("keep values and types", async () => {
    await kernel.run(
      "const word: string = 'w'; let n = 1; function twice(x: number) { return 2 * x; } class K { k = 1; }",
    );
    await kernel.run("n++;");
    expect(resultOf(await kernel.run("word.length + twice(n) + new K().k"))).toBe("6");
    expect((await kernel.run("twice(word)")).reply.ename).toBe("TypeScriptError");
  });

  it("keep their old values when a cell that declares them anew fails, and what it reached is there", async () => {
    await kernel.run('const net = "old"; const size = 3;');
    const failed = await kernel.run(`
      const reached: number[] = [];
      reached.push(1);
      const size = "new";
      const net = (() => { throw new Error("no"); })();
      const unreached = 1;`);
    expect(failed.reply.status).toBe("error");
    expect(resultOf(await kernel.run("[net.toUpperCase(), size + 1, reached]"))).toBe("[ 'OLD', 'new1', [ 1 ] ]");
    expect((await kernel.run("unreached")).reply.evalue).toContain("Cannot find name 'unreached'");
  });

  it("parameters need no types in a cell", async () => {
    expect(resultOf(await kernel.run("const add = (a, b) => a + b;\nadd(1, 2)"))).toBe("3");
  });
});

it("an idle kernel gives memory back, and runs on", { timeout: 120_000 }, async () => {
  const started = "const garbage = new WeakRef({}); const kept = [1, 2];";
  expect((await kernel.run(started)).reply.status).toBe("ok");
  let left = "true";
  for (let pause = 0; pause < 10 && left === "true"; pause++) {
    await new Promise((done) => setTimeout(done, 5000)); // any request would count as work
    left = (await kernel.run("garbage.deref() !== undefined")).outputs.at(-1)?.content.data["text/plain"];
  }
  expect(left).toBe("false");
  expect((await kernel.run("kept")).outputs.at(-1)?.content.data["text/plain"]).toBe("[ 1, 2 ]");
});
