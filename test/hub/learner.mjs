/** A learner on a JupyterHub: what a browser with JupyterLab in it would send, by JupyterLab's own client. */
import { once } from "node:events";
import { request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { branch } from "./handout.mjs";

/** Where nbgitpuller puts what is handed out. */
export const pulledTo = "backprop-by-hand";

/**
 * What a cell came to.
 *
 * @typedef {object} CellRun
 * @property {string} status the kernel's: "ok", "error", or "aborted"
 * @property {any[]} outputs as a notebook has them
 * @property {number} seconds
 */

export class Learner {
  /** @type {string | undefined} */
  #token;
  /** @type {any} */
  #sessions;
  /** @type {any} */
  #kernels;
  /** @type {any} */
  #contents;
  /** @type {Set<any>} */
  #sockets = new Set();
  /** @type {NodeJS.Require} */
  #require;
  /** Whether there is a network. */
  #online = true;

  /**
   * @param {import("./hub.mjs").Hub} hub
   * @param {string} name
   */
  constructor(hub, name) {
    this.hub = hub;
    this.name = name;
    /** Loads what is installed in test/hub only. */
    this.#require = createRequire(join(hub.root, "test", "hub", "package.json"));
  }

  /** What stands for the learner in requests. */
  get token() {
    if (this.#token === undefined) throw new Error(`${this.name} has not logged in.`);
    return this.#token;
  }

  /** The address of the learner's server, through the proxy. */
  get server() {
    return `${this.hub.url}/user/${this.name}`;
  }

  /**
   * Logs in with the Hub's form.
   *
   * @param {string} [password]
   * @returns {Promise<boolean>} whether the Hub let the learner in
   */
  async logIn(password = this.hub.passwords[this.name]) {
    const browser = new Browser(this.hub.url);
    await browser.send("GET", "/hub/login");
    const form = new URLSearchParams({ username: this.name, password, _xsrf: browser.xsrf });
    if ((await browser.send("POST", "/hub/login", String(form))).status !== 302) return false;
    await browser.send("GET", "/hub/home");
    const { status, text } = await browser.send("POST", `/hub/api/users/${this.name}/tokens`, "{}");
    if (status !== 201) throw new Error(`No token for ${this.name}: ${status} ${text}`);
    this.#token = JSON.parse(text).token;
    return true;
  }

  /**
   * Asks the Hub or a server for something, with the learner's token.
   *
   * @param {string} url
   * @param {RequestInit} [init]
   */
  ask(url, init = {}) {
    return fetch(url, { ...init, headers: { ...init.headers, Authorization: `token ${this.token}` } });
  }

  /**
   * Starts the learner's server and waits until it answers. Where the Hub says that it failed, a learner tries again.
   *
   * @param {number} [tries]
   * @returns {Promise<number>} how many it took
   */
  async startServer(tries = 3) {
    const users = `${this.hub.url}/hub/api/users/${this.name}`;
    let said = "";
    for (let k = 1; k <= tries; k++) {
      const started = await this.ask(`${users}/server`, { method: "POST" });
      said = await started.text();
      if (started.ok) said = await (await this.ask(`${users}/server/progress`)).text();
      if (said.includes('"ready": true') || started.status === 201) {
        await this.#connect();
        return k;
      }
      await pause(5000);
    }
    throw new Error(`No server for ${this.name}: ${said}`);
  }

  async #connect() {
    const { ServerConnection, KernelManager, SessionManager, ContentsManager } = this.#require("@jupyterlab/services");
    const WebSocket = this.#require("ws");
    const sockets = this.#sockets;
    const online = () => this.#online;
    const headers = { Authorization: `token ${this.token}` };
    class Socket extends WebSocket {
      /** @param {string} url @param {string[]} protocols */
      constructor(url, protocols) {
        super(url, protocols, { headers });
        sockets.add(this);
        this.once("close", () => sockets.delete(this));
        if (!online()) this.terminate();
      }
    }
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: `${this.server}/`,
      wsUrl: `${this.server.replace(/^http/, "ws")}/`,
      token: this.token,
      appendToken: false,
      WebSocket: Socket,
    });
    this.#kernels = new KernelManager({ serverSettings });
    this.#sessions = new SessionManager({ serverSettings, kernelManager: this.#kernels });
    this.#contents = new ContentsManager({ serverSettings });
    await Promise.all([this.#kernels.ready, this.#sessions.ready]);
  }

  /** Follows the link that hands out the notebooks: nbgitpuller brings them into the home directory. */
  async pull() {
    const query = new URLSearchParams({ repo: `file://${this.hub.handout}`, branch, targetpath: pulledTo });
    const events = await (await this.ask(`${this.server}/git-pull/api?${query}`)).text();
    if (!events.includes('"phase": "finished"')) throw new Error(`${this.name} could not pull: ${events}`);
  }

  /** @param {string} path @returns {Promise<any>} a notebook, or a file's text */
  async open(path) {
    return (await this.#contents.get(path)).content;
  }

  /** @param {string} path @param {any} notebook */
  async saveNotebook(path, notebook) {
    await this.#contents.save(path, { type: "notebook", format: "json", content: notebook });
  }

  /** @param {string} path @param {string} text */
  async saveText(path, text) {
    await this.#contents.save(path, { type: "file", format: "text", content: text });
  }

  /**
   * Opens a kernel for a notebook.
   *
   * @param {string} path
   * @returns {Promise<Kernel>}
   */
  async openKernel(path) {
    const options = { path, name: path, type: "notebook", kernel: { name: "tslab" } };
    return new Kernel(await this.#sessions.startNew(options));
  }

  /**
   * Whether a server lets somebody with a token open a websocket.
   *
   * @param {string} url
   * @param {string} token
   * @returns {Promise<boolean>}
   */
  opens(url, token) {
    const WebSocket = this.#require("ws");
    const headers = token === "" ? {} : { Authorization: `token ${token}` };
    return new Promise((answer) => {
      const socket = new WebSocket(url.replace(/^http/, "ws"), { headers });
      socket.once("open", () => answer(true));
      socket.once("error", () => answer(false)).once("open", () => socket.terminate());
    });
  }

  /** The network is gone: every connection breaks, and none can be made. */
  disconnect() {
    this.#online = false;
    for (const socket of this.#sockets) socket.terminate();
  }

  /** The network is back. */
  reconnect() {
    this.#online = true;
  }

  /** Closes the browser. The server and its kernels stay. */
  leave() {
    this.#sessions?.dispose();
    this.#kernels?.dispose();
    this.#contents?.dispose();
    for (const socket of this.#sockets) socket.terminate();
  }
}

/** A browser's way of asking, with cookies. (`fetch` calls itself a script's request, and to those the Hub gives none.) */
class Browser {
  /** @type {Map<string, string>} */
  #cookies = new Map();

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** What shows that a request comes from the Hub's own pages. */
  get xsrf() {
    return this.#cookies.get("_xsrf") ?? "";
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string} [body] a form's, or JSON
   */
  async send(method, path, body) {
    const headers = {
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      "X-XSRFToken": this.xsrf,
      "Content-Type": body?.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded",
    };
    const sent = request(this.origin + path, { method, headers });
    sent.end(body);
    const [answer] = await once(sent, "response");
    for (const set of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    return { status: answer.statusCode, text: await textOf(answer) };
  }
}

/** A kernel with a notebook's session. */
export class Kernel {
  /** @type {any} */
  #session;

  /** @param {any} session JupyterLab's */
  constructor(session) {
    this.#session = session;
  }

  /** Its id on the server. */
  get id() {
    return this.#session.kernel.id;
  }

  /**
   * Runs a cell to its end.
   *
   * @param {string} code
   * @returns {Promise<CellRun>}
   */
  async run(code) {
    const started = performance.now();
    /** @type {any[]} */
    const outputs = [];
    const future = this.#session.kernel.requestExecute({ code, stop_on_error: true });
    future.onIOPub = (/** @type {any} */ { header, content }) => {
      if (["stream", "display_data", "execute_result", "error"].includes(header.msg_type)) {
        const { transient: _, ...output } = content;
        outputs.push({ output_type: header.msg_type, ...output });
      }
    };
    const { content } = await future.done;
    return { status: content.status, outputs, seconds: (performance.now() - started) / 1000 };
  }

  /** Interrupts what runs. */
  async interrupt() {
    await this.#session.kernel.interrupt();
  }

  /**
   * Runs a cell that is the end of the kernel, and waits until the one that Jupyter starts in its place answers.
   *
   * @param {string} code
   * @throws {Error} if the cell comes to an end, or no kernel answers any more
   */
  async survive(code) {
    const { kernel } = this.#session;
    /** @type {Promise<void>} */
    const died = new Promise((done) => {
      kernel.statusChanged.connect((/** @type {unknown} */ _, /** @type {string} */ status) => {
        if (/restarting|dead/.test(status)) done();
      });
    });
    const ended = this.run(code).then(
      ({ status }) => Promise.reject(new Error(`A cell that should have ended the kernel says ${status}`)),
      () => {}, // Jupyter gives up waiting for it
    );
    await Promise.race([died, ended]);
    for (let k = 0; k < 30; k++) {
      const answer = this.run("0").then(
        ({ status }) => status === "ok",
        () => false, // asked too early: the old kernel's connection was closed over it
      );
      if (await Promise.race([answer, pause(10_000, false)])) return;
      await pause(200);
    }
    throw new Error("The kernel that ended was not started again.");
  }

  /** Ends it. */
  async close() {
    await this.#session.shutdown();
  }
}
