import { afterAll, beforeAll, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "./client";
import { ROOT } from "./project";

let kernel: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  kernel = await Client.start(ROOT);
  await kernel.run(
    "let ran: number[] = []; const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));",
  );
});

afterAll(() => kernel?.close());

/** Which cells have run since this was last asked. */
async function ran(): Promise<string> {
  const { outputs } = await kernel.run("ran.splice(0)");
  return outputs[1].content.data["text/plain"];
}

it("cells that wait behind one that fails are reported as aborted, and don't run", async () => {
  const failing = kernel.sendCell('await pause(30); throw new Error("stop")');
  const waiting = [1, 2].map((n) => kernel.sendCell(`ran.push(${n})`));
  expect((await kernel.executed(failing)).reply.status).toBe("error");
  for (const id of waiting) {
    const { reply, outputs } = await kernel.executed(id);
    expect(reply.status).toBe("aborted");
    expect(outputs).toEqual([]);
  }
  expect(await ran()).toBe("[]");
});

it("they run when stop_on_error is false", async () => {
  const failing = kernel.sendCell('await pause(30); throw new Error("go on")', { stop_on_error: false });
  const waiting = [1, 2].map((n) => kernel.sendCell(`ran.push(${n})`));
  expect((await kernel.executed(failing)).reply.status).toBe("error");
  for (const id of waiting) expect((await kernel.executed(id)).reply.status).toBe("ok");
  expect(await ran()).toBe("[ 1, 2 ]");
});

it("the same after a cell that the compiler refuses", async () => {
  const failing = kernel.sendCell('await pause(30); throw new Error("first")', { stop_on_error: false });
  const refused = kernel.sendCell('const wrong: number = "";');
  const waiting = kernel.sendCell("ran.push(3)");
  await kernel.executed(failing);
  expect((await kernel.executed(refused)).reply.ename).toBe("TypeScriptError");
  expect((await kernel.executed(waiting)).reply.status).toBe("aborted");
  expect(await ran()).toBe("[]");
});

it.each([0, 1, 10, 100, 190])("a cell that is sent %i ms after the reply of a failed one runs", async (delay) => {
  const { reply } = await kernel.run('throw new Error("stop")');
  expect(reply.status).toBe("error");
  await new Promise((done) => setTimeout(done, delay));
  expect((await kernel.run("ran.push(4)")).reply.status).toBe("ok");
  expect(await ran()).toBe("[ 4 ]");
});

it("requests of other kinds that wait behind a failed cell are answered", async () => {
  const failing = kernel.sendCell('await pause(30); throw new Error("stop")');
  const question = kernel.send("is_complete_request", { code: "1 +" });
  await kernel.executed(failing);
  expect((await kernel.reply(question)).content.status).toBe("incomplete");
});

it("cells run in the order in which they were sent, one at a time", async () => {
  const ids = [3, 2, 1].map((n) => kernel.sendCell(`ran.push(${n}); await pause(${n * 5}); ran.push(${n});`));
  for (const id of ids) await kernel.executed(id);
  expect(await ran()).toBe("[ 3, 3, 2, 2, 1, 1 ]");
});
