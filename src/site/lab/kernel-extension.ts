/// <reference lib="dom" />
/**
 * The kernel in JupyterLite: entry point of `remoteEntry.js`, an extension as JupyterLab loads it. What webpack would wrap it into is
 * a few lines, so they are here.
 */
import { KernelClient } from "../../kernel/browser/kernel-client";
import type { Header, Publish } from "../../kernel/core/protocol";
import { filesKept, keepFile } from "../live/kept";

/** The kernel's files, seen from this one: it is in `extensions/backprop-kernel/static/`. */
const BASE = new URL("../../../kernel/", (document.currentScript as HTMLScriptElement).src).href;

const INFO = {
  status: "ok",
  protocol_version: "5.4",
  implementation: "tslab",
  implementation_version: "browser",
  banner: "TypeScript in this browser",
  help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  language_info: {
    name: "typescript",
    version: "5",
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
};

/** A message as Jupyter's front ends have it. */
interface Message {
  channel: "shell" | "iopub";
  header: Header;
  parent_header: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: unknown[];
}

/** What a kernel is made with. */
interface KernelOptions {
  id: string;
  name: string;
  location: string;
  sendMessage(message: Message): void;
}

interface Signal {
  emit(value: unknown): void;
}

type SignalClass = { new (sender: object): Signal; clearData(sender: object): void };

/** A kernel as JupyterLite asks for it. */
class BrowserKernel {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly disposed: Signal;
  readonly ready: Promise<void>;
  readonly #send: (message: Message) => void;
  readonly #signals: SignalClass;
  readonly #client: KernelClient;
  isDisposed = false;
  #busy: Header | undefined;

  constructor({ id, name, location, sendMessage }: KernelOptions, signals: SignalClass) {
    this.id = id;
    this.name = name;
    this.location = location;
    this.#send = sendMessage;
    this.#signals = signals;
    this.disposed = new signals(this);
    this.#client = new KernelClient({
      base: BASE,
      folder: "/book/notebooks",
      files: filesKept,
      wrote: keepFile,
      published: (message) => this.#published(message),
    });
    this.ready = this.#client.start().then(() => {});
  }

  async handleMessage({ header, content }: Message): Promise<void> {
    const { msg_type: type } = header;
    if (/^comm_|^input_reply$/.test(type)) return;
    this.#iopub(header, "status", { execution_state: "busy" });
    this.#busy = header;
    if (type === "kernel_info_request") this.#shell(header, "kernel_info_reply", INFO);
    else if (type === "comm_info_request") this.#shell(header, "comm_info_reply", { status: "ok", comms: {} });
    else if (type === "history_request") this.#shell(header, "history_reply", { status: "ok", history: [] });
    else await this.#ask(header, content);
    this.#iopub(header, "status", { execution_state: "idle" });
  }

  async #ask(header: Header, content: Record<string, unknown>): Promise<void> {
    try {
      const reply = await this.#client.request(header.msg_type, content, header);
      if (reply) this.#shell(header, reply.msgType, reply.content);
    } catch (error) {
      const evalue = `the kernel can't start: ${(error as Error).message}`;
      const report = { ename: "KernelError", evalue, traceback: [evalue] };
      this.#iopub(header, "error", report);
      this.#shell(header, header.msg_type.replace(/request$/, "reply"), { status: "error", ...report });
    }
  }

  /** What "Interrupt" shall do. */
  async interrupt(): Promise<void> {
    await this.#client.interrupt();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.#client.restart();
    this.disposed.emit(undefined);
    this.#signals.clearData(this);
  }

  #published({ parent, msgType, content }: Publish): void {
    this.#iopub(parent ?? this.#busy, msgType, content);
  }

  #iopub(parent: Header | undefined, type: string, content: Record<string, unknown>): void {
    this.#send(message("iopub", parent, type, content));
  }

  #shell(parent: Header, type: string, content: Record<string, unknown>): void {
    this.#send(message("shell", parent, type, content));
  }
}

function message(
  channel: Message["channel"],
  parent: Header | undefined,
  type: string,
  content: Record<string, unknown>,
): Message {
  const id = crypto.randomUUID?.() ?? `${performance.now()}-${Math.random()}`;
  const session = parent?.session ?? "";
  const header = { msg_id: id, msg_type: type, session, username: "", date: new Date().toISOString(), version: "5.4" };
  return { channel, header, parent_header: parent ?? {}, metadata: {}, content, buffers: [] };
}

type Shared = Record<string, Record<string, { get(): Promise<() => unknown> }>>;

/** The packages that all extensions have in common. */
let shared: Shared = {};

async function common<Module>(name: string): Promise<Module> {
  const [version] = Object.values(shared[name]);
  return (await version.get())() as Module;
}

interface Services {
  IKernelSpecs: object;
  IKernelClient: object;
}

interface KernelSpecs {
  register(kernel: { spec: object; create(options: KernelOptions): Promise<BrowserKernel> }): void;
}

interface Client {
  interrupt(id: string): Promise<void>;
  getModel(id: string): Promise<Partial<BrowserKernel> | undefined>;
}

async function extension(): Promise<object> {
  const { IKernelSpecs, IKernelClient } = await common<Services>("@jupyterlite/services");
  const { Signal } = await common<{ Signal: SignalClass }>("@lumino/signaling");
  const kernel = {
    id: "backprop-kernel:kernel",
    autoStart: true,
    requires: [IKernelSpecs],
    activate: (_: unknown, specs: KernelSpecs) =>
      specs.register({
        spec: { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript", argv: [], resources: {} },
        create: async (options) => new BrowserKernel(options, Signal),
      }),
  };
  // JupyterLite's own interrupt takes the cells that wait out of the queue, and does not tell the kernel.
  const interrupt = {
    id: "backprop-kernel:interrupt",
    autoStart: true,
    optional: [IKernelClient],
    activate: (_: unknown, client: Client | null) => {
      if (!client) return;
      const own = client.interrupt.bind(client);
      client.interrupt = async (id) => {
        const running = await client.getModel(id);
        await own(id);
        await running?.interrupt?.();
      };
    },
  };
  return { __esModule: true, default: [kernel, interrupt] };
}

const holder = globalThis as unknown as { _JUPYTERLAB?: Record<string, object> };
holder._JUPYTERLAB = {
  ...holder._JUPYTERLAB,
  "backprop-kernel": {
    init: (scope: Shared) => {
      shared = scope;
    },
    get: async (_name: string) => {
      const module = await extension();
      return () => module;
    },
  },
};
