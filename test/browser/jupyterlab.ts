/** JupyterLab itself, from .venv and with its own kernel, on copies of notebooks that nobody minds being changed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { buildKernel } from "../../src/kernel/build.mjs";
import { codeCells, type Notebook, read, root } from "../notebooks/notebook";

/** What JupyterLab itself complains of in the console, whatever the notebook and the kernel are. */
const itsOwn = [
  /Canceled future for \w+ message before replies were done/, // every restart
  /No active debugger session/, // every kernel without a debugger
];

/** A running JupyterLab. */
export class JupyterLab {
  /** Errors of its pages, and requests to other places. */
  readonly complaints: string[] = [];

  readonly #process: ChildProcess;
  readonly #address: URL;

  private constructor(
    process: ChildProcess,
    address: URL,
    /** What it serves. */
    readonly folder: string,
    /** The file in which its kernels keep what was done; not there at first. */
    readonly progress: string,
  ) {
    this.#process = process;
    this.#address = address;
  }

  /**
   * Starts it as `npm run lab` does.
   *
   * @param notebooks by file name
   */
  static async start(notebooks: Readonly<Record<string, Notebook>>): Promise<JupyterLab> {
    await buildKernel(root);
    const folder = mkdtempSync(join(tmpdir(), "lab-"));
    for (const [name, notebook] of Object.entries(notebooks)) {
      mkdirSync(dirname(join(folder, "notebooks", name)), { recursive: true });
      writeFileSync(join(folder, "notebooks", name), JSON.stringify(notebook));
    }
    // What the person has set up in their own JupyterLab is not looked at, and not changed.
    const options = [
      "--no-browser",
      "--LabApp.expose_app_in_browser=True",
      `--LabApp.user_settings_dir=${join(folder, ".settings")}`,
      `--LabApp.workspaces_dir=${join(folder, ".workspaces")}`,
    ];
    const command = `
      import { argumentsOf } from "./src/setup/arguments.mjs";
      import { main } from "./src/setup/lab.mjs";
      import { project } from "./src/setup/project.mjs";
      process.exitCode = await main(argumentsOf("lab", ${JSON.stringify(options)}), { ...project, root: ${JSON.stringify(folder)} });`;
    const progress = join(folder, "my-notebooks", "progress.json");
    const lab = spawn(process.execPath, ["--input-type=module", "--eval", command], {
      cwd: root,
      env: { ...process.env, BACKPROP_PROGRESS: progress, HOME: folder },
    });
    return new JupyterLab(lab, await addressOf(lab), folder, progress);
  }

  /** Opens it in a page of a browser. */
  async open(page: Page): Promise<void> {
    page.on("pageerror", ({ message }) => {
      if (!itsOwn.some((known) => known.test(message))) this.complaints.push(message);
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (/^https?:$/.test(protocol) && origin !== this.#address.origin) this.complaints.push(request.url());
    });
    await page.goto(new URL(`/lab${this.#address.search}`, this.#address).href);
    await page.waitForFunction(() => window.jupyterapp?.restored);
  }

  /** A notebook as it is saved now. */
  saved(name: string): Notebook {
    return read(join(this.folder, "notebooks", name));
  }

  /** Ends it with all its kernels. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill("SIGINT");
      await once(this.#process, "close");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A committed notebook as if it had never been run. */
export function fresh(name: string): Notebook {
  const notebook = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as Notebook;
  for (const cell of codeCells(notebook)) Object.assign(cell, { outputs: [], execution_count: null });
  return notebook;
}

/** A notebook of a test's own, with the cells' code. */
export function notebookOf(...sources: string[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "tslab" },
      language_info: {},
    },
    cells: sources.map((source, k) => ({
      id: `cell-${k}`,
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  };
}

/** Waits for the address that it prints. */
function addressOf(lab: ChildProcess): Promise<URL> {
  return new Promise((found, failed) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk;
      const address = /http:\/\/\S+token=\w+/.exec(said);
      if (address) found(new URL(address[0]));
    };
    lab.stdout?.on("data", listen);
    lab.stderr?.on("data", listen);
    lab.on("close", () => failed(new Error(said)));
  });
}
