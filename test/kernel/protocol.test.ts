import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { Client } from "./client";
import { ROOT } from "./project";

let kernel: Client;

beforeAll(async () => {
  await buildKernel(ROOT);
  kernel = await Client.start(ROOT);
});

afterAll(() => kernel?.close());

describe("kernel_info_request", () => {
  it("tells the language, so that front ends highlight it and export .ts", async () => {
    const { content, header } = await kernel.request("kernel_info_request", {});
    expect(header.msg_type).toBe("kernel_info_reply");
    expect(content.language_info).toMatchObject({
      name: "typescript",
      version: "5.9.3",
      file_extension: ".ts",
      mimetype: "text/typescript",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      codemirror_mode: { mode: "typescript" },
    });
    expect(content.protocol_version).toMatch(/^5\./);
  });

  it("is answered before the compiler is ready", async () => {
    const starting = await Client.start(ROOT);
    try {
      // The first cell has to wait for the compiler; that it comes second shows that the reply didn't.
      expect((await starting.run("1 + 1")).reply.status).toBe("ok");
    } finally {
      await starting.close();
    }
  });
});

describe("completion", () => {
  it("knows names, members and what ./src exports", async () => {
    await kernel.run('import { Matrix } from "./src/matrix";\nconst squares = [1, 4];');
    const complete = async (code: string) =>
      (await kernel.request("complete_request", { code, cursor_pos: code.length })).content;
    const members = await complete("squares.fla");
    expect(members).toMatchObject({ status: "ok", cursor_start: 8, cursor_end: 11 });
    expect(members.matches).toContain("flatMap");
    expect((await complete("Matrix.fromR")).matches).toContain("fromRows");
    expect((await complete("const squ = 1; squ")).matches).toEqual(expect.arrayContaining(["squ", "squares"]));
  });

  it("knows the paths of imports: files, packages, modules of Node.js, and what a module exports", async () => {
    const complete = async (code: string, after = "") =>
      (await kernel.request("complete_request", { code: code + after, cursor_pos: code.length })).content;
    const file = await complete('import { M } from "./src/mat');
    expect(file.matches).toEqual(["matrix"]);
    expect([file.cursor_start, file.cursor_end]).toEqual([25, 28]);
    expect((await complete('import x from "./s')).matches).toContain("src");
    expect((await complete('import x from "node:pa')).matches).toContain("node:path");
    expect((await complete('import x from "decim')).matches).toContain("decimal.js");
    expect((await complete("import { gradW", ' } from "./src"')).matches).toEqual(["gradW1", "gradW2"]);
  });

  it("counts positions in code points", async () => {
    const code = 'const 𝑥 = "𝑥𝑥"; 𝑥.toUpp';
    const { content } = await kernel.request("complete_request", { code, cursor_pos: [...code].length });
    expect(content.matches).toContain("toUpperCase");
    expect([content.cursor_start, content.cursor_end]).toEqual([[...code].length - 5, [...code].length]);
  });
});

describe("inspection", () => {
  it("shows a name's type, also of one of ./src", async () => {
    await kernel.run('import { Matrix } from "./src/matrix";\nconst answer = 42 as number;');
    const inspect = async (code: string, cursor_pos: number) =>
      (await kernel.request("inspect_request", { code, cursor_pos, detail_level: 0 })).content;
    const found = await inspect("answer", 3);
    expect(found).toMatchObject({ status: "ok", found: true });
    expect(found.data["text/plain"]).toContain("const answer: number");
    expect((await inspect("Matrix.fromRows", 10)).data["text/plain"]).toContain("fromRows(rows:");
    expect((await inspect("   ", 1)).found).toBe(false);
  });

  it("knows nothing of an unknown name", async () => {
    const { content } = await kernel.request("inspect_request", { code: "noSuchName", cursor_pos: 3, detail_level: 0 });
    expect(content).toMatchObject({ status: "ok", found: false, data: {} });
  });

  it("shows the function inside of a call, and the labels of its documentation", async () => {
    await kernel.run(
      "/** Adds.\n * @param a first\n * @returns the sum\n * @throws if it is too large */\nfunction add(a: number, b: number) { return a + b }",
    );
    for (const [code, cursor_pos] of [
      ["add(", 4],
      ["add(1, ", 7],
      ["add(1, 2)", 6],
      ["Math.hypot(add(3, ), 1)", 18],
    ] as const) {
      const { content } = await kernel.request("inspect_request", { code, cursor_pos, detail_level: 0 });
      expect(content.data["text/plain"], code).toContain("add(a: number, b: number): number");
      expect(content.data["text/plain"]).toMatch(
        /Adds\.[\s\S]*@param a.*first\n@returns the sum\n@throws if it is too large/,
      );
    }
  });

  it("shows the source of a textbook function when more is asked for", async () => {
    await kernel.run('import { gradW2 } from "./src";');
    const inspect = async (detail_level: number) =>
      (await kernel.request("inspect_request", { code: "gradW2", cursor_pos: 4, detail_level })).content.data[
        "text/plain"
      ];
    expect(await inspect(0)).not.toContain("A1.T.times(dZ2), A1, dZ2");
    expect(await inspect(1)).toContain("A1.T.times(dZ2), A1, dZ2");
  });

  it("shows the documentation of JavaScript, of Node.js, of packages and of ./src", async () => {
    await kernel.run(
      'import * as os from "node:os";\nimport { Decimal } from "decimal.js";\nimport { Matrix } from "./src";',
    );
    const inspect = async (code: string) =>
      (await kernel.request("inspect_request", { code, cursor_pos: code.length - 1, detail_level: 0 })).content.data[
        "text/plain"
      ];
    expect(await inspect("[1].map")).toContain("Calls a defined callback function on each element of an array");
    expect(await inspect("os.cpus")).toContain(
      "Returns an array of objects containing information about each logical CPU core",
    );
    expect(await inspect("process.stdout")).toContain("returns a stream connected to");
    expect(await inspect("Matrix.fromRows")).toContain("fromRows(rows:");
  });
});

describe("is_complete_request", () => {
  it.each([
    ["const a = 1;", "complete"],
    ["console.log(1)", "complete"],
    ["await x", "complete"],
    ["function f() {", "incomplete"],
    ["function f()", "incomplete"],
    ["declare function f(): void", "complete"],
    ["if (x)", "incomplete"],
    ["const text = 'open", "invalid"],
    ["[1, 2,", "incomplete"],
    ["`text", "incomplete"],
    ["/* text", "incomplete"],
    ["const = 5;", "invalid"],
    ["1 +* 2 )", "invalid"],
  ])("%s is %s", async (code, status) => {
    expect((await kernel.request("is_complete_request", { code })).content.status).toBe(status);
  });

  it("proposes an indent for the next line", async () => {
    const { content } = await kernel.request("is_complete_request", { code: "function f() {" });
    expect(content).toEqual({ status: "incomplete", indent: "  " });
  });
});

describe("history_request", () => {
  it("answers tail, range and search", async () => {
    const { reply } = await kernel.run("6 * 7");
    await kernel.run('"find me"');
    const n = reply.execution_count;
    const ask = async (content: Record<string, unknown>) => {
      const answer = await kernel.request("history_request", { raw: true, output: false, ...content });
      expect(answer.header.msg_type).toBe("history_reply");
      return answer.content.history;
    };
    expect(await ask({ hist_access_type: "tail", n: 2 })).toEqual([
      [1, n, "6 * 7"],
      [1, n + 1, '"find me"'],
    ]);
    expect(await ask({ hist_access_type: "range", session: 0, start: n, stop: n + 1, output: true })).toEqual([
      [1, n, ["6 * 7", "42"]],
    ]);
    expect(await ask({ hist_access_type: "range", session: -1, start: 1, stop: 9 })).toEqual([]);
    expect(await ask({ hist_access_type: "search", pattern: "*find*", n: 5 })).toEqual([[1, n + 1, '"find me"']]);
  });
});

describe("comms", () => {
  it("comm_info_request gets a comm_info_reply", async () => {
    const { header, content } = await kernel.request("comm_info_request", { target_name: "jupyter.widget" });
    expect(header.msg_type).toBe("comm_info_reply");
    expect(content).toEqual({ status: "ok", comms: {} });
  });

  it("other comm messages, and types that nobody knows, do no harm", async () => {
    const opened = kernel.send("comm_open", { comm_id: "c1", target_name: "none", data: {} });
    kernel.send("comm_msg", { comm_id: "c1", data: {} });
    kernel.send("comm_close", { comm_id: "c1", data: {} });
    kernel.send("no_such_request", {});
    expect((await kernel.output(opened, "comm_close")).content.comm_id).toBe("c1");
    expect((await kernel.run("1")).reply.status).toBe("ok");
  });
});

describe("requests that are not for this kernel", () => {
  it.each([
    ["debug_request", "control", "This kernel has no debugger"],
    ["create_subshell_request", "control", "This kernel does not know create_subshell_request"],
    ["no_such_request", "shell", "This kernel does not know no_such_request"],
  ] as const)("%s gets a clear error", async (type, channel, evalue) => {
    const { header, content } = await kernel.request(type, { command: "initialize", seq: 1 }, channel);
    expect(header.msg_type).toBe(type.replace("request", "reply"));
    expect(content).toMatchObject({ status: "error", ename: "NotImplemented", evalue });
  });

  it("connect_request is told the ports", async () => {
    const { content } = await kernel.request("connect_request", {});
    expect(content).toMatchObject({ status: "ok", shell_port: expect.any(Number), hb_port: expect.any(Number) });
    expect(kernel.shellAddress).toBe(`tcp://127.0.0.1:${content.shell_port}`);
  });
});

describe("a message", () => {
  it("that is sent again is answered once", async () => {
    await kernel.run("let times = 0;");
    const id = kernel.sendCell("times++;");
    await kernel.executed(id);
    kernel.sendAgain(id);
    const { outputs } = await kernel.run("times");
    expect(outputs.at(-1)?.content.data["text/plain"]).toBe("1");
  });

  it("about the history is answered while the main thread works", async () => {
    const id = kernel.sendCell('console.log("on"); while (true) {}');
    await kernel.output(id, "stream");
    const { content } = await kernel.request("history_request", { hist_access_type: "tail", n: 1, raw: true });
    expect(content.history).toHaveLength(1);
    await kernel.interrupt();
    await kernel.executed(id);
  });

  it("of 5 MiB is printed", async () => {
    const { outputs } = await kernel.run('console.log("x".repeat(5 * 2 ** 20)); "after"');
    const text = outputs.filter((message) => message.content.name === "stdout").map((message) => message.content.text);
    expect(text.join("").length).toBe(5 * 2 ** 20 + 1);
    expect(outputs.at(-1)?.content.data["text/plain"]).toBe("'after'");
  });
});

describe("input", () => {
  const QUESTIONS = {
    prompt: 'const name = prompt("Who?"); name.toUpperCase()',
    "question of readline/promises":
      'import { createInterface } from "node:readline/promises";\nconst rl = createInterface({ input: process.stdin, output: process.stdout });\nconst said = await rl.question("Who?"); rl.close(); said.toUpperCase()',
    "question of readline":
      'import * as readline from "node:readline";\nconst asking = readline.createInterface({ input: process.stdin });\nconst told = await new Promise<string>((done) => asking.question("Who?", done)); told.toUpperCase()',
  };

  it.each(Object.entries(QUESTIONS))("%s asks the front end", async (_, code) => {
    const id = kernel.sendCell(code, { allow_stdin: true });
    const question = await kernel.question(id);
    expect(question.content).toEqual({ prompt: "Who?", password: false });
    kernel.answer(question, "ada");
    const { outputs } = await kernel.executed(id);
    expect(outputs.at(-1)?.content.data["text/plain"]).toBe("'ADA'");
  });

  it.each(Object.entries(QUESTIONS))("%s is an error where nobody can be asked", async (_, code) => {
    expect((await kernel.run(code)).reply).toMatchObject({
      status: "error",
      evalue: expect.stringContaining("Nobody can be asked"),
    });
  });

  it("that is waited for can be interrupted, and the answer to it is not that to the next question", async () => {
    const first = kernel.sendCell('prompt("first")', { allow_stdin: true });
    const question = await kernel.question(first);
    await kernel.interrupt();
    expect((await kernel.executed(first)).reply.ename).toBe("Interrupted");
    kernel.answer(question, "late");
    const second = kernel.sendCell('prompt("second")', { allow_stdin: true });
    kernel.answer(await kernel.question(second), "right");
    expect((await kernel.executed(second)).outputs.at(-1)?.content.data["text/plain"]).toBe("'right'");
  });
});

describe("a front end that comes back under the same name", () => {
  it("is answered, ten times of ten", async () => {
    const { Dealer } = await import("zeromq");
    for (let time = 0; time < 10; time++) {
      const socket = new Dealer({ routingId: "the same browser", receiveTimeout: 20_000, linger: 0 });
      socket.connect(kernel.shellAddress);
      await socket.send(kernel.framesOf("kernel_info_request", {}));
      const frames = await socket.receive();
      expect(frames.map(String).join()).toContain("kernel_info_reply");
      if (time % 2 === 0) socket.close(); // half of them leave, the others are lost
    }
  });
});

describe("shutdown_request", () => {
  it.each([
    ["control", true],
    ["control", false],
    ["shell", false],
  ] as const)("on %s is answered with restart: %s, and the process ends", async (channel, restart) => {
    const ending = await Client.start(ROOT);
    try {
      await ending.run("1"); // a kernel that is still loading the compiler is killed instead
      const { header, content } = await ending.request("shutdown_request", { restart }, channel);
      expect(header.msg_type).toBe("shutdown_reply");
      expect(content).toEqual({ status: "ok", restart });
      expect(await ending.ended()).toEqual({ code: 0, signal: null });
      expect(ending.log).toBe("");
    } finally {
      await ending.close();
    }
  });
});

describe("a shutdown while a cell prints", () => {
  it.each([
    ["out of a timer", "setInterval(() => console.log('still here'), 0);", { code: 0, signal: null }],
    ["in a loop", "for (;;) console.log('still here');", { code: null, signal: "SIGKILL" }],
  ])("%s ends the process without a complaint", async (_, code, end) => {
    const ending = await Client.start(ROOT);
    try {
      await ending.output(ending.sendCell(code), "stream");
      await ending.request("shutdown_request", { restart: false }, "control");
      expect(await ending.ended()).toEqual(end);
      expect(ending.log).toBe("");
    } finally {
      await ending.close();
    }
  });
});

describe("a message with a wrong signature", () => {
  it("is left out", async () => {
    const { Dealer } = await import("zeromq");
    const forger = new Dealer();
    forger.connect(kernel.shellAddress);
    await forger.send(["<IDS|MSG>", "wrong", "{}", "{}", "{}", "{}"]);
    await kernel.until(() => kernel.log.includes("signature"), "a word about it in the log");
    forger.close();
    expect((await kernel.run("1")).reply.status).toBe("ok");
  });
});

describe("the command", () => {
  const main = join(ROOT, ".build", "kernel", "main.cjs");

  it("takes arguments that mean nothing to it, as jupyter run has them", async () => {
    const started = await Client.start(ROOT, { kernelArguments: ["cells.ts", "--some-option"] });
    try {
      expect((await started.run("1")).reply.status).toBe("ok");
    } finally {
      await started.close();
    }
  });

  it.each([
    [[], "The kernel is started by Jupyter"],
    [["--connection-file", "/nowhere.json"], "The connection file /nowhere.json can't be read: ENOENT"],
    [["--connection-file", join(ROOT, "package.json")], "is not one of Jupyter's"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%j fails with one sentence", (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});
