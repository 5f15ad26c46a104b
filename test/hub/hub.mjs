/** A real JupyterHub on loopback, with its proxy, in a folder of its own. */
import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isFree } from "../../src/setup/port.mjs";
import { handoutOf } from "./handout.mjs";
import { imageOf } from "./image.mjs";
import { familyOf } from "./processes.mjs";

/** How long the Hub may take to come up, in milliseconds. */
const patience = 60_000;

export class Hub {
  /** @type {import("node:child_process").ChildProcess} */
  #process;

  /**
   * @param {import("node:child_process").ChildProcess} process
   * @param {{ folder: string, url: string, hubPort: number, proxyPort: number, passwords: Record<string, string>, handout: string, root: string }} parts
   */
  constructor(process, { folder, url, hubPort, proxyPort, passwords, handout, root }) {
    this.#process = process;
    /** Everything that it keeps, and the learners' home directories. */
    this.folder = folder;
    /** What learners open. */
    this.url = url;
    /** Where it listens itself, behind the proxy. */
    this.hubPort = hubPort;
    /** Where the proxy takes its orders. */
    this.proxyPort = proxyPort;
    /** By learner's name. */
    this.passwords = passwords;
    /** The repository that is handed out, as learners see it. */
    this.handout = handout;
    /** The project's folder, which learners must not see. */
    this.root = root;
  }

  /**
   * Starts one.
   *
   * @param {import("../../src/setup/project.mjs").Project} project with what test/hub needs installed
   * @param {{ names: readonly string[], memory: string }} options who may log in, and what each may have ("1G")
   * @throws {Error} with the end of its log, when it does not come up
   */
  static async start(project, { names, memory }) {
    const here = join(project.root, "test", "hub");
    const folder = mkdtempSync(join(tmpdir(), "hub-"));
    const [port, hubPort, proxyPort] = await freePorts(3);
    const { prefix } = imageOf(project);
    const url = `http://127.0.0.1:${port}`;
    const handout = handoutOf(project);
    const passwords = Object.fromEntries(names.map((name) => [name, randomBytes(12).toString("hex")]));
    const passwd = join(folder, "passwd");
    writeFileSync(passwd, "jovyan:x:1000:100::/home/jovyan:/bin/bash\n");
    mkdirSync(join(folder, "homes"));
    const settings = {
      ...{ folder, url, hubPort, proxyPort, passwords, memory, passwd, image: prefix },
      readOnly: [handout, pythonOf(prefix)],
      proxy: [process.execPath, join(here, "node_modules/configurable-http-proxy/bin/configurable-http-proxy")],
    };
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
    const hub = spawn(join(here, ".venv/bin/jupyterhub"), [`--config=${join(here, "jupyterhub_config.py")}`], {
      cwd: folder,
      env: { ...process.env, HUB_SETTINGS: file, PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(join(folder, "hub.log"));
    hub.stdout.pipe(log);
    hub.stderr.pipe(log);
    const running = new Hub(hub, { folder, url, hubPort, proxyPort, passwords, handout, root: project.root });
    try {
      await running.#up();
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  async #up() {
    const deadline = Date.now() + patience;
    while (Date.now() < deadline && this.#process.exitCode === null) {
      const answer = await fetch(`${this.url}/hub/api/`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(200);
    }
    throw new Error(`The Hub does not come up:\n${this.log().slice(-2000)}`);
  }

  /** What it has said so far. */
  log() {
    return readFileSync(join(this.folder, "hub.log"), "utf8");
  }

  /** @param {string} name @returns {string} a learner's home directory, as the machine sees it */
  home(name) {
    return join(this.folder, "homes", name);
  }

  /** Its process: all that runs for it descends from there. */
  get pid() {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("The Hub was not started.");
    return pid;
  }

  /** @param {string | undefined} name a learner; undefined: the Hub itself and its proxy */
  processesOf(name) {
    return familyOf(this.pid).filter(({ learner }) => learner === name);
  }

  /** Ends it with all servers and kernels, and removes its folder. */
  async stop() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "close");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string} prefix @returns {string} the installed Python that a virtual environment belongs to */
function pythonOf(prefix) {
  return dirname(dirname(realpathSync(join(prefix, "bin", "python"))));
}

/**
 * Ports that nothing listens on, below those that systems give away for a while: the Hub takes seconds to take them.
 *
 * @param {number} count
 */
async function freePorts(count) {
  /** @type {Set<number>} */
  const ports = new Set();
  while (ports.size < count) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port, "127.0.0.1")) ports.add(port);
  }
  return [...ports];
}
