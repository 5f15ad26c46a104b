/** What a learner must not do to others, tried: by the proxy and past it, and from inside a kernel. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { project } from "../../src/setup/project.mjs";
import { Hub } from "./hub.mjs";
import { describeOnHub } from "./installed";
import type { Kernel } from "./learner.mjs";
import { Learner } from "./learner.mjs";

const secret = "Ada's own words.";

describeOnHub("learners of one Hub", () => {
  let hub: Hub;
  /** The one whose things are wanted. */
  let ada: Learner;
  let adasKernel: Kernel;
  /** The one who wants them. */
  let eve: Learner;
  let evesKernel: Kernel;
  /** Ada's server without the proxy. */
  let direct: string;
  /** The tokens that Eve has: her own, and her server's. */
  let tokens: string[];

  /** Runs code in Eve's kernel, and returns what it printed, which is JSON. */
  async function asEve(code: string) {
    const { status, outputs } = await evesKernel.run(code);
    expect(status, JSON.stringify(outputs)).toBe("ok");
    return JSON.parse(outputs.map(({ text }) => text).join(""));
  }

  beforeAll(async () => {
    hub = await Hub.start(project, { names: ["ada", "eve", "bob"], memory: "1G" });
    [ada, eve] = ["ada", "eve"].map((name) => new Learner(hub, name));
    [adasKernel, evesKernel] = await Promise.all(
      [ada, eve].map(async (learner) => {
        expect(await learner.logIn()).toBe(true);
        await learner.startServer();
        await learner.saveText("note.md", secret);
        return learner.openKernel("own.ipynb");
      }),
    );
    await adasKernel.run(`const words = ${JSON.stringify(secret)};`);
    const of = (kernel: Kernel, name: string) => kernel.run(`process.stdout.write(process.env.${name} ?? "");`);
    const [{ text: service }] = (await of(adasKernel, "JUPYTERHUB_SERVICE_URL")).outputs;
    direct = String(service).replace("0.0.0.0", "127.0.0.1").replace(/\/$/, "");
    const [{ text: serversToken }] = (await of(evesKernel, "JUPYTERHUB_API_TOKEN")).outputs;
    tokens = [eve.token, String(serversToken)];
  });

  afterAll(async () => {
    try {
      // Whatever was tried: nothing has changed.
      if (adasKernel !== undefined) {
        expect(readFileSync(join(hub.home("ada"), "note.md"), "utf8")).toBe(secret);
        expect((await adasKernel.run("words")).outputs[0]?.data["text/plain"]).toContain(secret);
      }
    } finally {
      for (const learner of [ada, eve]) learner?.leave();
      await hub?.stop();
    }
  });

  it("get nowhere with another's name and their own password", async () => {
    expect(await new Learner(hub, "ada").logIn(hub.passwords.eve)).toBe(false);
    expect(await new Learner(hub, "nobody").logIn(hub.passwords.eve)).toBe(false);
  });

  it.each(["through the proxy", "past it"])("get nothing from another's server, %s", async (way) => {
    const server = way === "past it" ? direct : ada.server;
    const attempts: [string, string, string?][] = [
      ["GET", "/api/contents/note.md"],
      ["PUT", "/api/contents/note.md", JSON.stringify({ type: "file", format: "text", content: "Eve was here." })],
      ["DELETE", "/api/contents/note.md"],
      ["GET", "/files/note.md"],
      ["GET", "/api/kernels"],
      ["POST", "/api/kernels", "{}"],
      ["DELETE", `/api/kernels/${adasKernel.id}`],
      ["POST", `/api/kernels/${adasKernel.id}/interrupt`],
      ["POST", `/api/kernels/${adasKernel.id}/restart`],
      ["GET", `/api/kernels/${adasKernel.id}/channels`],
      ["GET", "/api/sessions"],
      ["POST", "/api/terminals"],
      ["POST", "/api/shutdown"],
      ["GET", "/git-pull/api?repo=file:///tmp/x&targetpath=x"],
    ];
    expect((await ada.ask(`${server}/api/contents/note.md`)).status).toBe(200);
    for (const [method, path, body] of attempts) {
      for (const authorization of [...tokens.map((token) => `token ${token}`), undefined]) {
        const headers = authorization === undefined ? undefined : { authorization };
        const answer = await fetch(server + path, { method, body, headers, redirect: "manual" });
        const text = await answer.text();
        // Without a token one is sent to the login.
        expect([302, 401, 403, 404], `${method} ${path}: ${text}`).toContain(answer.status);
        expect(text).not.toContain(secret);
      }
    }
  });

  it.each(["through the proxy", "past it"])("can't talk to another's kernel, %s", async (way) => {
    const server = way === "past it" ? direct : ada.server;
    const path = `/api/kernels/${adasKernel.id}/channels`;
    expect(await ada.opens(server + path, ada.token)).toBe(true);
    for (const token of [...tokens, ""]) expect(await eve.opens(server + path, token)).toBe(false);
  });

  it("can't have the Hub do anything to others", async () => {
    const attempts: [string, string, string?][] = [
      ["GET", "/users"],
      ["GET", "/users/ada"],
      ["PATCH", "/users/ada", '{"name":"eva"}'],
      ["PATCH", "/users/eve", '{"admin":true}'],
      ["DELETE", "/users/ada"],
      ["POST", "/users/mallory"],
      ["DELETE", "/users/ada/server"],
      ["POST", "/users/bob/server"],
      ["POST", "/users/ada/tokens", "{}"],
      ["GET", "/users/ada/tokens"],
      ["POST", "/users/eve/tokens", '{"scopes":["admin:users"]}'],
      ["GET", "/groups"],
      ["GET", "/services"],
      ["GET", "/proxy"],
      ["PATCH", "/proxy", '{"api_url":"http://127.0.0.1:1"}'],
      ["POST", "/shutdown", "{}"],
    ];
    expect((await eve.ask(`${hub.url}/hub/api/users/eve`)).status).toBe(200);
    for (const origin of [hub.url, `http://127.0.0.1:${hub.hubPort}`]) {
      for (const [method, path, body] of attempts) {
        for (const token of tokens) {
          const headers = { authorization: `token ${token}` };
          const answer = await fetch(`${origin}/hub/api${path}`, { method, body, headers });
          const text = await answer.text();
          const nothing = answer.status === 200 && ["/groups", "/services", "/users"].includes(path);
          if (nothing) expect(text, path).not.toMatch(/ada|bob/);
          else expect([400, 403, 404], `${method} ${path}: ${text}`).toContain(answer.status);
        }
      }
    }
  });

  it("can't give the proxy orders", async () => {
    for (const token of [...tokens, ""]) {
      const headers = { authorization: `token ${token}` };
      const routes = await fetch(`http://127.0.0.1:${hub.proxyPort}/api/routes`, { headers });
      expect(routes.status).toBe(403);
      const body = '{"target":"http://127.0.0.1:1"}';
      const stolen = await fetch(`http://127.0.0.1:${hub.proxyPort}/api/routes/user/ada`, {
        method: "POST",
        headers,
        body,
      });
      expect(stolen.status).toBe(403);
    }
  });

  it("see no file but the image's and their own", async () => {
    const wanted = [
      hub.folder,
      hub.home("ada"),
      join(hub.folder, "jupyterhub.sqlite"),
      join(hub.folder, "cookie_secret"),
      join(hub.folder, "settings.json"),
      join(project.root, "notebooks/instructor"),
      join(project.root, "test/course"),
      join(project.root, ".git"),
    ];
    for (const path of wanted) expect(existsSync(path), path).toBe(true);
    expect(
      await asEve(`
      const { existsSync, readdirSync } = require("node:fs");
      console.log(JSON.stringify({
        found: ${JSON.stringify(wanted)}.filter((path: string) => existsSync(path)),
        homes: readdirSync("/home"),
        tmp: readdirSync("/tmp").filter((name: string) => name.startsWith("hub-")),
      }));`),
    ).toEqual({ found: [], homes: ["jovyan"], tmp: [] });
  });

  it("find no solution, nor in what was handed out before", async () => {
    await eve.pull();
    const found = await asEve(`
      const { spawnSync } = require("node:child_process");
      const places = ["/home", "/srv", "/opt", "/tmp", ${JSON.stringify(project.root)}];
      const grep = spawnSync("grep", ["-rl", "--include=*.ipynb", "BEGIN SOLUTION", ...places], { encoding: "utf8" });
      const log = spawnSync("git", ["-C", "backprop-by-hand", "log", "--all", "--oneline", "--", "notebooks/instructor"], {
        cwd: "/home/jovyan",
        encoding: "utf8",
      });
      console.log(JSON.stringify([grep.stdout, log.stdout, log.status]));`);
    expect(found).toEqual(["", "", 0]);
  });

  it("can't change the image", async () => {
    const codes = await asEve(`
      const { writeFileSync } = require("node:fs");
      const kernel = process.argv[1];
      console.log(JSON.stringify([kernel, process.execPath, "/usr/bin/x", "/etc/passwd", "/x"].map((path: string) => {
        try { writeFileSync(path, "Eve was here."); return "written"; } catch (error) { return (error as any).code; }
      })));`);
    for (const code of codes) expect(["EROFS", "EACCES", "EPERM", "ETXTBSY"]).toContain(code);
  });

  it("see no process of others, nor what its environment is, and can't end it", async () => {
    const pids = [...hub.processesOf(undefined).map(({ pid }) => pid), ...hub.processesOf("ada").map(({ pid }) => pid)];
    expect(pids.length).toBeGreaterThan(3);
    const { users, ended } = await asEve(`
      const { readdirSync, readFileSync } = require("node:fs");
      const seen = readdirSync("/proc").filter((name: string) => /^\\d+$/.test(name)).map(Number);
      const userOf = (pid: number) => {
        try {
          return /JUPYTERHUB_USER=(\\w+)/.exec(readFileSync(\`/proc/\${pid}/environ\`, "utf8"))?.[1] ?? "nobody";
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      const own = new Set(seen.filter((pid: number) => userOf(pid) === "eve"));
      const ended = ${JSON.stringify(pids)}.filter((pid: number) => {
        if (own.has(pid)) return false; // of the same number
        try { process.kill(pid, "SIGKILL"); return true; } catch { return false; }
      });
      console.log(JSON.stringify({ users: seen.map(userOf), ended }));`);
    // What has just ended is nobody's.
    expect(new Set(users.filter((name: string) => name !== "nobody" && name !== "ENOENT"))).toEqual(new Set(["eve"]));
    expect(ended).toEqual([]);
  });

  it("find no kernel of others on a port of the machine", async () => {
    const ports = portsOf(hub.processesOf("ada").map(({ pid }) => pid));
    expect(ports).toContain(Number(new URL(direct).port));
    const greetings = await asEve(`
      const { connect } = require("node:net");
      const greetings = await Promise.all(${JSON.stringify(ports)}.map((port: number) => new Promise<boolean>((done) => {
        // ZeroMQ's sockets greet with ten bytes, of which the first is 0xff; a web server waits to be asked.
        const socket = connect(port, "127.0.0.1");
        socket.once("data", (data: Buffer) => { socket.destroy(); done(data[0] === 0xff); });
        socket.once("error", () => done(false));
        setTimeout(() => { socket.destroy(); done(false); }, 2000);
      })));
      console.log(JSON.stringify(greetings));`);
    expect(greetings).toEqual(ports.map(() => false));
  });
});

/** The ports that processes listen on. */
function portsOf(pids: number[]): number[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        } catch {
          return undefined; // closed meanwhile
        }
      }),
    ),
  );
  const rows = readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === "0A" && inodes.has(inode))
    .map(([, local]) => Number.parseInt(local.split(":")[1], 16));
}
