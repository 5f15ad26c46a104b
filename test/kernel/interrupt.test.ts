import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "./client";
import { ROOT } from "./project";

let kernel: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  kernel = await Client.start(ROOT);
  await kernel.run(`const kept = "kept"; let ticks = 0;
    const spin = async () => { for (;;) await null; };
    const tick = () => process.nextTick(tick);`);
});

afterAll(() => kernel?.close());

const LOOPS = {
  "a synchronous loop": 'console.log("on"); while (true) {}',
  "a synchronous loop that catches errors": 'console.log("on"); for (;;) { try { for (;;) {} } catch {} finally {} }',
  "a synchronous loop in a cell that awaits": 'await null; console.log("on"); while (true) {}',
  "a synchronous loop in an imported module's callback":
    'import { equations } from "./src/equations";\nvoid equations; console.log("on"); [1].forEach(() => { for (;;) {} });',
  "promises without end": 'console.log("on"); for (;;) await null;',
  "promises without end, of a function":
    'const spin = async (): Promise<void> => { await null; return spin(); };\nconsole.log("on"); await spin();',
  "an await that never settles": 'console.log("on"); await new Promise(() => {});',
  "a loop in a timer's callback":
    'setTimeout(() => { console.log("on"); while (true) {} }, 1); await new Promise(() => {});',
  "a loop in a callback of setImmediate":
    'setImmediate(() => { console.log("on"); while (true) {} }); await new Promise(() => {});',
  "a loop in a callback of nextTick":
    'process.nextTick(() => { console.log("on"); while (true) {} }); await new Promise(() => {});',
  "a loop in a microtask": 'queueMicrotask(() => { console.log("on"); while (true) {} }); await new Promise(() => {});',
  "a loop of timers":
    'for (;;) { await new Promise((done) => setTimeout(done, 1)); if (ticks++ === 3) console.log("on"); }',
  "a loop of timers/promises":
    'import { setTimeout as wait } from "timers/promises";\nfor (;;) { await wait(1); if (ticks++ === 3) console.log("on"); }',
  "an interval":
    'let n = 0; setInterval(() => { ticks++; if (n++ === 3) console.log("on"); }, 1); await new Promise(() => {});',
  "a loop after the operating system has settled a promise":
    'import { readFile } from "fs/promises";\nawait readFile("package.json"); console.log("on"); while (true) {}',
  "a synchronous loop before promises without end": 'void spin(); console.log("on"); while (true) {}',
  "several promises without end": 'void spin(); void spin(); console.log("on"); await spin();',
  "callbacks of nextTick without end": 'process.nextTick(tick); console.log("on");',
  "a synchronous loop before callbacks of nextTick without end":
    'process.nextTick(tick); console.log("on"); while (true) {}',
  "a loop in a microtask before promises without end":
    'queueMicrotask(() => { console.log("on"); for (;;) {} }); void spin();',
  "a loop in a timer's callback before promises without end":
    'setTimeout(() => { void spin(); console.log("on"); for (;;) {} }, 1); await new Promise(() => {});',
  "promises without end after the operating system has settled one":
    'import { readFile as read } from "fs/promises";\nawait read("package.json"); console.log("on"); await spin();',
  "a blocking wait": 'console.log("on"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  "a loop that prints": 'for (;;) console.log("on");',
  "a loop in how a value is shown": '({ [Symbol.for("Jupyter.display")]() { console.log("on"); for (;;) {} } })',
};

/** The values of names that the loops leave in peace, and whether timers still tick. */
async function expectAlive(): Promise<void> {
  const { reply, outputs } = await kernel.run(
    "const before = ticks; await new Promise((done) => setTimeout(done, 20));\n[kept, ticks - before]",
  );
  expect(reply.status).toBe("ok");
  expect(outputs.at(-1)?.content.data["text/plain"]).toBe("[ 'kept', 0 ]");
}

describe.each(["interrupt_request", "SIGINT"])("%s stops", (how) => {
  it.each(Object.entries(LOOPS))("%s", async (_, code) => {
    kernel.sendCell("ticks = 0;", { silent: true });
    const id = kernel.sendCell(code);
    await kernel.output(id, "stream");
    if (how === "SIGINT") kernel.process.kill("SIGINT");
    else await kernel.interrupt();
    const { reply, outputs } = await kernel.executed(id);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(outputs.at(-1)?.header.msg_type).toBe("error");
    await expectAlive();
  });
});

describe("an interrupt", () => {
  it("leaves what the cell had made until then", async () => {
    const id = kernel.sendCell(
      'const losses: number[] = []; console.log("on"); for (let i = 0; ; i++) losses.push(i % 7);',
    );
    await kernel.output(id, "stream");
    await kernel.interrupt();
    await kernel.executed(id);
    const { outputs } = await kernel.run("losses.length > 0 && losses[0]");
    expect(outputs.at(-1)?.content.data["text/plain"]).toBe("0");
  });

  it("of training, also on two threads, leaves nothing wrong to the next steps", async () => {
    await kernel.run(`import { backward, forward, initialise, oneHot, Random, scope, sgdStep } from "./src";
      const random = new Random(1);
      const X = random.normalMatrix(128, 784);
      const Y = oneHot(Array.from({ length: 128 }, (_, i) => i % 10), 10);
      const start = initialise({ inputs: 784, hidden: 128, classes: 10, random });
      const afterSteps = (count: number) => scope(() => {
        let current = start;
        for (let k = 0; k < count; k++) {
          current = scope((p) => sgdStep(p, backward(X, Y, p, forward(X, p)), 0.1), current);
        }
        return current.W1.data;
      });
      const expected = afterSteps(20);`);
    for (let round = 0; round < 5; round++) {
      const id = kernel.sendCell('console.log("on"); afterSteps(Infinity);');
      await kernel.output(id, "stream");
      await kernel.interrupt();
      expect((await kernel.executed(id)).reply.ename).toBe("Interrupted");
      const { outputs } = await kernel.run("afterSteps(20).every((weight, k) => weight === expected[k])");
      expect(outputs.at(-1)?.content.data["text/plain"]).toBe("true");
    }
  });

  it("aborts the cells that wait", async () => {
    const id = kernel.sendCell('console.log("on"); while (true) {}');
    const waiting = kernel.sendCell("1");
    await kernel.output(id, "stream");
    await kernel.interrupt();
    expect((await kernel.executed(id)).reply.status).toBe("error");
    expect((await kernel.executed(waiting)).reply.status).toBe("aborted");
  });

  it("of an idle kernel does nothing", async () => {
    await kernel.interrupt();
    kernel.process.kill("SIGINT");
    await kernel.run("1"); // which the signal may still meet
    await expectAlive();
  });

  it("comes at any moment of a cell", async () => {
    for (let delay = 0; delay < 20; delay++) {
      const id = kernel.sendCell('console.log("on"); await spin();');
      await kernel.begun(id);
      await new Promise((done) => setTimeout(done, delay));
      kernel.process.kill("SIGINT");
      expect((await kernel.executed(id)).reply).toMatchObject({ ename: "Interrupted" });
    }
    await expectAlive();
  });

  it("stops what an earlier cell has left running", async () => {
    const earlier = kernel.sendCell('setTimeout(() => { console.log("on"); for (;;) {} }, 20); "done"');
    expect((await kernel.executed(earlier)).reply.status).toBe("ok");
    await kernel.output(earlier, "stream");
    await kernel.interrupt();
    await expectAlive();
  });

  it("stops what an earlier cell has left running, and the cell that awaits something meanwhile", async () => {
    const earlier = kernel.sendCell('setTimeout(() => { console.log("on"); for (;;) {} }, 100); "done"');
    await kernel.executed(earlier);
    const id = kernel.sendCell("await new Promise(() => {});");
    await kernel.output(earlier, "stream");
    await kernel.interrupt();
    expect((await kernel.executed(id)).reply.ename).toBe("Interrupted");
    await expectAlive();
  });

  it("stops what an earlier cell goes on with when the operating system answers", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "interrupt-")), "goes-on");
    await kernel.run(`import { execFile } from "child_process";
      import { writeFileSync } from "fs";
      execFile(process.execPath, ["--version"], () => {
        writeFileSync(${JSON.stringify(file)}, "");
        void spin();
      });`);
    await kernel.until(() => existsSync(file), "file");
    await kernel.interrupt();
    await expectAlive();
    rmSync(dirname(file), { recursive: true });
  });

  it("while the kernel is still starting stops the first cell", async () => {
    const starting = await Client.start(ROOT);
    try {
      const id = starting.sendCell("while (true) {}");
      await starting.begun(id);
      await starting.interrupt();
      expect((await starting.executed(id)).reply.ename).toBe("Interrupted");
      expect((await starting.run("1")).reply.status).toBe("ok");
    } finally {
      await starting.close();
    }
  });

  it("finds nothing of Node's console half loaded", async () => {
    const fresh = await Client.start(ROOT);
    try {
      const { outputs } = await fresh.run(`const loaded: string[] = (process as any).moduleLoadList;
        const before = loaded.length;
        console.log({}, "and more"); console.error(new Error("that is told"));
        loaded.slice(before)`);
      expect(outputs.at(-1)?.content.data["text/plain"]).toBe("[]");
    } finally {
      await fresh.close();
    }
  });

  it("in the middle of a cell's compilation waits for its end", async () => {
    const types = Array.from(
      { length: 400 },
      (_, i) => `type T${i} = { [K in keyof typeof process as \`\${string & K}${i}\`]: 1 };`,
    );
    const id = kernel.sendCell(`${types.join("\n")}\nwhile (true) {}`);
    await kernel.until(() => kernel.outputsOf(id).length > 0, "execute_input");
    kernel.process.kill("SIGINT");
    await kernel.interrupt();
    expect((await kernel.executed(id)).reply.ename).toBe("Interrupted");
    expect((await kernel.run('const wrong: number = "";')).reply.ename).toBe("TypeScriptError");
    await expectAlive();
  });

  it("can be repeated while a cell is stuck", async () => {
    for (let i = 0; i < 5; i++) {
      const id = kernel.sendCell('console.log("on"); while (true) {}');
      await kernel.output(id, "stream");
      await Promise.all([kernel.interrupt(), kernel.interrupt(), kernel.interrupt()]);
      expect((await kernel.executed(id)).reply.ename).toBe("Interrupted");
    }
    await expectAlive();
  });
});

describe("while the main thread is stuck", () => {
  it("heartbeats, kernel_info on the control channel and a shutdown are answered", async () => {
    const stuck = await Client.start(ROOT);
    try {
      const id = stuck.sendCell('console.log("on"); while (true) {}');
      await stuck.output(id, "stream");
      expect(await stuck.heartbeat()).toBe("beat");
      expect((await stuck.request("kernel_info_request", {}, "control")).content.status).toBe("ok");
      const reply = await stuck.request("shutdown_request", { restart: true }, "control");
      expect(reply.content).toEqual({ status: "ok", restart: true });
      await stuck.ended();
    } finally {
      await stuck.close();
    }
  });
});
