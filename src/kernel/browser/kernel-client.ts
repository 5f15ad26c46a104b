/// <reference lib="dom" />
/** A page's side of the kernel: starts the worker, asks it, stops it. */
import type { FromKernel, Header, Publish } from "../core/protocol";
import type { FromWorker, ToWorker } from "./page-messages";

/** How long a cell has to stop by itself, in ms, before the worker is ended. */
const PATIENCE = 500;

/** The kernel's reply to a request; nothing for a type that it doesn't know. */
export type KernelReply = Extract<FromKernel, { type: "reply" }> | undefined;

/** How the page takes part. */
export interface KernelPage {
  /** Where the kernel's files are: a URL that ends with a slash. */
  base: string;
  /** The notebook's folder, as cells see it. */
  folder: string;
  /** The learner's files, by their paths. */
  files(): Record<string, string>;
  /** A cell has written one. */
  wrote(path: string, text: string): void;
  /** A message for the front end. */
  published(message: Publish): void;
}

/** What the worker's end means for a cell that was running. */
const ENDED = "the cell could not be stopped, so the kernel begins anew: run the cells above again";

/** One kernel. It starts with the first request. */
export class KernelClient {
  readonly #page: KernelPage;
  readonly #id = crypto.randomUUID?.() ?? String(Math.random());
  #worker: Promise<Worker> | undefined;
  #running: Worker | undefined;
  #asked = Promise.resolve<unknown>(undefined);
  #end: ((reply: KernelReply) => void) | undefined;
  #stopper: ServiceWorker | undefined;
  #current: Header | undefined;
  #requests = 0;

  constructor(page: KernelPage) {
    this.#page = page;
  }

  /** Whether a cell can be stopped without ending the worker: over HTTPS, or on this machine. */
  get stopsGently(): boolean {
    return this.#stopper !== undefined;
  }

  get isStarted(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts the kernel, if it is not there. Rejects if it can't begin; then the next call tries again. */
  start(): Promise<Worker> {
    this.#worker ??= this.#start().catch((error) => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  /** Asks the kernel, after what was asked before. */
  request(
    msgType: string,
    content: Record<string, unknown>,
    header: Header = this.header(msgType),
  ): Promise<KernelReply> {
    const reply = this.#asked.then(async () => {
      const worker = await this.start();
      return new Promise<KernelReply>((resolve) => {
        this.#current = header;
        this.#end = (answer) => {
          this.#end = undefined;
          this.#current = undefined;
          resolve(answer);
        };
        worker.postMessage({ type: "request", header, content } satisfies ToWorker);
      });
    });
    this.#asked = reply.catch(() => {});
    return reply;
  }

  /** Stops the running cell. If it doesn't, the worker is ended; says whether that was so. */
  async interrupt(): Promise<{ anew: boolean }> {
    const running = this.#end;
    const header = this.#current;
    if (!running || !header) return { anew: false };
    this.#stopper?.postMessage({ stop: this.#id });
    this.#running?.postMessage({ type: "interrupt" } satisfies ToWorker);
    await new Promise((done) => setTimeout(done, PATIENCE));
    if (this.#end !== running) return { anew: false };
    this.#endWorker();
    const content = { ename: "Interrupted", evalue: ENDED, traceback: [`Interrupted: ${ENDED}`] };
    this.#page.published({ type: "publish", parent: header, msgType: "error", content });
    running({ type: "reply", msgType: "execute_reply", content: { status: "error", ...content }, abortQueued: true });
    return { anew: true };
  }

  /** Begins anew at the next request. */
  restart(): void {
    this.#endWorker();
    const content = { ename: "Restarted", evalue: "the kernel was restarted", traceback: [] };
    this.#end?.({
      type: "reply",
      msgType: "execute_reply",
      content: { status: "error", ...content },
      abortQueued: true,
    });
  }

  /** Puts a file where cells find it. */
  async putFile(path: string, data: string | Uint8Array): Promise<void> {
    if (this.#worker) (await this.#worker).postMessage({ type: "file", path, data } satisfies ToWorker);
  }

  #endWorker(): void {
    this.#running?.terminate();
    this.#running = undefined;
    this.#worker = undefined;
  }

  async #start(): Promise<Worker> {
    const { base, folder } = this.#page;
    this.#stopper = await stopper(base);
    const worker = new Worker(`${base}worker.js`);
    this.#running = worker;
    await new Promise<void>((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message || "its files can't be loaded"));
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === "ready") resolve();
        else if (data.type === "failed") reject(new Error(data.reason));
        else if (data.type === "wrote") this.#page.wrote(data.path, data.text);
        else if (data.type === "publish") this.#page.published(data);
        else if (data.type === "reply") this.#end?.(data);
        else if (data.type === "done") this.#end?.(undefined);
      };
      const id = this.#stopper && this.#id;
      worker.postMessage({ type: "start", id, files: this.#page.files(), folder } satisfies ToWorker);
    });
    return worker;
  }

  /** The header of a request to come, by which its outputs are known. */
  header(msgType: string): Header {
    this.#requests++;
    const date = new Date().toISOString();
    return {
      msg_id: `${this.#id}-${this.#requests}`,
      msg_type: msgType,
      session: this.#id,
      username: "",
      date,
      version: "5.4",
    };
  }
}

/** The service worker beside the kernel's folder, once it is there; nothing where the browser allows none. */
async function stopper(base: string): Promise<ServiceWorker | undefined> {
  try {
    const registration = await navigator.serviceWorker.register(`${base}stop-worker.js`);
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (!worker) return undefined;
    if (worker.state !== "activated") {
      await new Promise<void>((resolve, reject) => {
        worker.addEventListener("statechange", () => {
          if (worker.state === "activated") resolve();
          if (worker.state === "redundant") reject(new Error("replaced"));
        });
      });
    }
    return worker;
  } catch {
    return undefined;
  }
}
