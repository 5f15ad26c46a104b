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
    expect((await complete('import { M } from "./src/mat')).status).toBe("ok");
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
    kernel.send("debug_request", { command: "initialize" }, "control");
    expect((await kernel.output(opened, "comm_close")).content.comm_id).toBe("c1");
    expect((await kernel.run("1")).reply.status).toBe("ok");
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
