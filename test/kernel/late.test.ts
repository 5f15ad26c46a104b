import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client, type Execution } from "./client";
import { ROOT } from "./project";

let kernel: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  kernel = await Client.start(ROOT);
  await kernel.run("const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));");
});

afterAll(() => kernel?.close());

function stderr({ outputs }: Execution): string {
  return outputs
    .filter((message) => message.content.name === "stderr")
    .map((message) => message.content.text)
    .join("");
}

describe.each([
  ["a timer that throws", 'setTimeout(() => { throw new Error("late") }, 20);'],
  ["a rejected promise of a timer", 'setTimeout(() => Promise.reject(new Error("late")), 20);'],
  ["a promise that is rejected later", 'void (async () => { await pause(20); throw new Error("late"); })();'],
  ["an immediate that throws", 'void pause(15).then(() => setImmediate(() => { throw new Error("late"); }));'],
  [
    "an event of the operating system",
    'pause(15).then(() => require("fs").readFile("nope", () => { throw new Error("late"); }));0',
  ],
])("%s after the cell ended", (_, code) => {
  it("is an error at the cell that started it, with its line", async () => {
    const id = kernel.sendCell(code);
    const { reply } = await kernel.executed(id);
    expect(reply.status).toBe("ok");
    const { content } = await kernel.output(id, "error");
    expect(content).toMatchObject({ ename: "Error", evalue: "late" });
    expect(content.traceback.join("\n")).toContain(`Cell [${reply.execution_count}]`);
    // and the next cell is told, for a program that executes notebooks hears of nothing else
    const next = await kernel.run("1");
    expect(next.reply.status).toBe("ok");
    expect(stderr(next)).toContain(`After cell [${reply.execution_count}] had ended:`);
    expect(stderr(next)).toContain("late");
    expect(stderr(await kernel.run("2"))).toBe("");
  });
});

describe("while the cell runs", () => {
  it.each([
    ["a rejected promise that nobody awaits", 'Promise.reject(new Error("unheard")); 5'],
    ["one in a cell that awaits something else", 'Promise.reject(new Error("unheard")); await pause(1); 5'],
    [
      "one that is rejected during that",
      'void pause(5).then(() => { throw new Error("unheard"); }); await pause(1000); 5',
    ],
    ["a timer that throws", 'setTimeout(() => { throw new Error("unheard"); }, 5); await new Promise(() => {});'],
    ["a microtask that throws", 'queueMicrotask(() => { throw new Error("unheard"); }); 5'],
    ["a tick that throws", 'process.nextTick(() => { throw new Error("unheard"); }); 5'],
    ["an emitter that throws", 'new (require("events"))().emit("error", new Error("unheard")); 5'],
  ])("%s fails it", async (_, code) => {
    const { reply, outputs } = await kernel.run(code);
    expect(reply).toMatchObject({ status: "error", evalue: "unheard" });
    expect(outputs.filter((message) => message.header.msg_type === "error")).toHaveLength(1);
  });

  it("a rejection that is handled in time is no error", async () => {
    const { reply } = await kernel.run(
      'const p = Promise.reject(new Error("x"));\nawait p.catch(() => {});\nawait Promise.allSettled([Promise.reject(1)]);',
    );
    expect(reply.status).toBe("ok");
  });

  it("an error of an earlier cell does not fail it, but is told", async () => {
    const id = kernel.sendCell('setTimeout(() => { throw new Error("of the first"); }, 20);');
    const second = await kernel.run("await pause(60);\n6");
    expect(second.reply.status).toBe("ok");
    expect(stderr(second)).toContain("of the first");
    expect((await kernel.output(id, "error")).content.evalue).toBe("of the first");
  });
});
