/**
 * The worker thread that owns all sockets: entry point of `switchboard.cjs`.
 *
 * Learners' code runs on the main thread and may keep it busy for as long as it likes. Here, beside it, requests are
 * received and queued, heartbeats and interrupts answered, and output is sent while a loop is still running.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Reply, Router, XPublisher } from "zeromq";
import { History } from "../core/history";
import type { MimeBundle } from "../core/mime";
import { type Header, KERNEL, type Publish } from "../core/protocol";
import { Outbox } from "./outbox";
import {
  type Answer,
  RunState,
  type SigintData,
  type SwitchboardData,
  type ToMain,
  type ToSwitchboard,
} from "./protocol";
import { StreamBuffer } from "./stream-buffer";
import { type Message, messageFor, readConnection, Wire } from "./wire";

/** How often a cell that didn't stop is tried again, in ms. */
const INTERRUPT_EVERY = 20;
/** After so many attempts that no script on the main thread took, execution is terminated through the inspector. */
const UNTAKEN_ATTEMPTS = 5;
/**
 * How long after a signal of ours no request is begun, in ms. On a busy machine a signal may arrive when the cell that it was
 * meant for has ended by other means: then it must not hit another cell.
 */
const SIGNAL_MAY_TAKE = 250;
/** How long the main thread has to end the process by itself, in ms, before it is killed. */
const SHUTDOWN_PATIENCE = 1000;
/** How many messages are remembered, so that they are not answered twice. */
const MOST_KNOWN = 4096;
/** The requests that need the learner's code or its types. */
const FOR_MAIN = new Set(["execute_request", "complete_request", "inspect_request", "is_complete_request"]);

class Switchboard {
  readonly #connection = readConnection((workerData as SwitchboardData).connectionFile);
  readonly #wire = new Wire(this.#connection);
  readonly #session = crypto.randomUUID();
  readonly #state = new RunState((workerData as SwitchboardData).shared);
  // A browser that comes back has the name of the connection that it lost: it takes its place.
  readonly #shell = new Router({ handover: true });
  readonly #control = new Router({ handover: true });
  readonly #stdin = new Router({ handover: true });
  readonly #heartbeat = new Reply();
  /** Without a limit: a message that a slow reader makes ZeroMQ drop would be output that a learner never sees. */
  readonly #iopub = new XPublisher({ sendHighWaterMark: 0, verbosity: "allSubs" });
  readonly #toShell = new Outbox(this.#shell);
  readonly #toControl = new Outbox(this.#control);
  readonly #toStdin = new Outbox(this.#stdin);
  readonly #toIopub = new Outbox(this.#iopub);
  readonly #streams = new StreamBuffer((parent, name, text) => {
    this.#publish(parent, "stream", { name, text });
    this.#state.sent(text.length);
  });
  readonly #history = new History();
  /** The messages that came last: one that is sent again is not answered again. */
  readonly #known = new Set<string>();
  /** The question that the learner has not answered yet. */
  #asked: number | undefined;
  /** Requests on the shell channel that wait for their turn. */
  #waiting: Message[] = [];
  /** The request that the main thread is working on. */
  #current: Message | undefined;
  #interrupting: NodeJS.Timeout | undefined;
  /** Attempts, since the interrupt was asked for or the last termination, that nothing on the main thread was stopped by. */
  #untaken = 0;
  /** When our last signal should have arrived. */
  #signalHome = 0;

  /** Binds the sockets and begins to listen. */
  async start(): Promise<void> {
    const { transport, ip, shell_port, control_port, stdin_port, hb_port, iopub_port } = this.#connection;
    const bindings: [{ bind(address: string): Promise<void> }, number][] = [
      [this.#shell, shell_port],
      [this.#control, control_port],
      [this.#stdin, stdin_port],
      [this.#heartbeat, hb_port],
      [this.#iopub, iopub_port],
    ];
    for (const [socket, port] of bindings) {
      // Over ipc, a port number is part of a file name.
      const address = transport === "ipc" ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
      await socket.bind(address).catch((error: Error) => {
        throw new Error(`The kernel can't listen on ${address}, which its front end asked for: ${error.message}`);
      });
    }
    this.#publish(undefined, "status", { execution_state: "starting" });
    parentPort?.on("message", (message: ToSwitchboard) => this.#fromMain(message));
    const { shared } = workerData as SwitchboardData;
    new Worker(join(__dirname, "sigint.cjs"), { workerData: { shared } satisfies SigintData }).on("message", () => {
      this.#untaken++;
      this.#interrupt();
    });
    this.#dieWithParent();
    this.#listen(this.#shell, (message) => {
      // A console asks for it when it starts, and takes a late answer for the line that is being typed.
      if (message.header.msg_type === "history_request") {
        this.#status(message, "busy");
        this.#reply(this.#toShell, message, "history_reply", {
          status: "ok",
          history: this.#history.answer(message.content),
        });
        this.#status(message, "idle");
        return;
      }
      this.#waiting.push(message);
      this.#next();
    });
    this.#listen(this.#stdin, (message) => this.#answered(message));
    this.#listen(this.#control, (message) => this.#handleControl(message));
    this.#welcome();
    for await (const beat of this.#heartbeat) {
      if (!this.#heartbeat.closed) await this.#heartbeat.send(beat);
    }
  }

  /** Tells who subscribes to the output that from now on they will miss none of it. */
  async #welcome(): Promise<void> {
    for await (const [event] of this.#iopub) {
      if (event[0] === 1) {
        const subscription = event.subarray(1);
        const message = messageFor(undefined, this.#session, "iopub_welcome", {
          subscription: subscription.toString(),
        });
        message.identities = [subscription];
        this.#toIopub.send(this.#wire.encode(message));
      }
    }
  }

  async #listen(socket: Router, handle: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        const message = this.#wire.decode(frames);
        if (this.#isNew(message)) handle(message);
      } catch (error) {
        // Not by `console`, which would make it a cell's output.
        writeSync(2, `A message was left out: ${(error as Error).message}\n`);
      }
    }
  }

  /** A front end's manager and its client number their messages apart, so that the number alone does not tell. */
  #isNew({ header: { msg_id, msg_type, date } }: Message): boolean {
    const message = `${msg_id} ${msg_type} ${date}`;
    if (this.#known.has(message)) return false;
    this.#known.add(message);
    if (this.#known.size > MOST_KNOWN) {
      const [oldest] = this.#known;
      this.#known.delete(oldest);
    }
    return true;
  }

  /** Asks the front end whose cell is running for a line of text. */
  #ask(id: number, prompt: string): void {
    const request = this.#current;
    if (!request) return;
    this.#streams.flush();
    this.#asked = id;
    this.#reply(this.#toStdin, request, "input_request", { prompt, password: false });
  }

  /** An answer of the learner's has come. */
  #answered({ header, content }: Message): void {
    if (header.msg_type !== "input_reply" || this.#asked === undefined) return;
    const { answers } = workerData as SwitchboardData;
    answers.postMessage({ id: this.#asked, value: String(content.value ?? "") } satisfies Answer);
    this.#asked = undefined;
    this.#state.answered();
  }

  /** Takes the next request off the queue, if the main thread is free. An interrupt is not for what comes after it. */
  #next(): void {
    while (!this.#current && !this.#interrupting && this.#waiting.length > 0) {
      const wait = this.#signalHome - Date.now();
      if (wait > 0) {
        setTimeout(() => this.#next(), wait);
        return;
      }
      const message = this.#waiting.shift()!;
      this.#status(message, "busy");
      if (!this.#answerHere(this.#toShell, message)) {
        this.#current = message;
        this.#post({ type: "request", header: message.header, content: message.content });
      }
    }
  }

  /** Answers a request that needs no learner's code; its status was already said to be busy. */
  #answerHere(outbox: Outbox, message: Message): boolean {
    switch (message.header.msg_type) {
      case "kernel_info_request":
        this.#reply(outbox, message, "kernel_info_reply", (workerData as SwitchboardData).kernelInfo);
        break;
      case "comm_info_request":
        this.#reply(outbox, message, "comm_info_reply", { status: "ok", comms: {} });
        break;
      case "comm_open":
        // The spec's answer to a target that doesn't exist, so that the front end doesn't wait for it.
        this.#publish(message.header, "comm_close", { comm_id: message.content.comm_id, data: {} });
        break;
      case "comm_msg":
      case "comm_close":
        break;
      case "connect_request": {
        const { shell_port, iopub_port, stdin_port, control_port, hb_port } = this.#connection;
        const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
        this.#reply(outbox, message, "connect_reply", { status: "ok", ...ports });
        break;
      }
      case "shutdown_request":
        this.#reply(outbox, message, "shutdown_reply", { status: "ok", restart: message.content.restart === true });
        this.#status(message, "idle");
        this.#shutdown();
        return true;
      default:
        if (FOR_MAIN.has(message.header.msg_type)) return false;
        this.#refuse(outbox, message);
    }
    this.#status(message, "idle");
    return true;
  }

  /** Says of a request that nobody here can answer, so that whoever sent it need not wait. */
  #refuse(outbox: Outbox, message: Message): void {
    const type = message.header.msg_type;
    if (!type.endsWith("_request")) return;
    const what = type === "debug_request" ? "This kernel has no debugger" : `This kernel does not know ${type}`;
    const debugging = { type: "response", request_seq: message.content.seq, command: message.content.command };
    this.#reply(outbox, message, type.replace(/request$/, "reply"), {
      ...(type === "debug_request" ? { ...debugging, success: false, message: what } : {}),
      status: "error",
      ename: "NotImplemented",
      evalue: what,
      traceback: [what],
    });
  }

  #handleControl(message: Message): void {
    this.#status(message, "busy");
    if (message.header.msg_type === "interrupt_request") {
      this.#interrupt();
      this.#reply(this.#toControl, message, "interrupt_reply", { status: "ok" });
      this.#status(message, "idle");
    } else if (!this.#answerHere(this.#toControl, message)) {
      // It would have to wait for its turn, which is what this channel is not for.
      this.#refuse(this.#toControl, message);
      this.#status(message, "idle");
    }
  }

  #fromMain(message: ToSwitchboard): void {
    if (message.type === "publish") {
      if (message.msgType === "stream") {
        this.#streams.add(message.parent, message.content.name as string, message.content.text as string);
      } else {
        this.#streams.flush();
        this.#remember(message);
        this.#publish(message.parent, message.msgType, message.content);
      }
      return;
    }
    if (message.type === "input") {
      this.#ask(message.id, message.prompt);
      return;
    }
    if (message.type === "signalled") {
      this.#interrupt();
      return;
    }
    const request = this.#current;
    this.#streams.flush();
    this.#current = undefined;
    if (request) {
      if (message.type === "reply") this.#reply(this.#toShell, request, message.msgType, message.content);
      this.#status(request, "idle");
      if (message.type === "reply" && message.abortQueued) this.#abortQueued();
    }
    this.#next();
  }

  /** Keeps a cell's input, and its result, for the history. */
  #remember({ msgType, content }: Publish): void {
    if (this.#current?.content.store_history === false) return;
    if (msgType === "execute_input") this.#history.add(content.execution_count as number, String(content.code));
    if (msgType === "execute_result") {
      const { "text/plain": text } = content.data as MimeBundle;
      this.#history.addOutput(content.execution_count as number, text);
    }
  }

  /** Answers the cells that were sent before the front end can have known that the one before them failed. */
  #abortQueued(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) {
      if (message.header.msg_type === "execute_request") {
        this.#status(message, "busy");
        this.#reply(this.#toShell, message, "execute_reply", { status: "aborted" });
        this.#status(message, "idle");
      } else {
        this.#waiting.push(message);
      }
    }
  }

  /**
   * Stops the running cell, or what earlier ones left running. A main thread that awaits something hears the message. One
   * that is in a loop is stopped by SIGINT, which Node turns into an exception where a script was started with
   * `breakOnSigint` (see `guard.ts`). The rest (a loop right after an `await` of the operating system) is terminated through
   * the inspector. On Windows, where SIGINT can't be sent, that is all there is, and other loops end with the kernel only.
   *
   * There may be more loops, in promises that wait their turn: so there is no end before the main thread hears the message.
   * Only then is the cell's end reported, by code that no signal shall hit.
   */
  #interrupt(): void {
    if (this.#interrupting) return;
    let inspector: Session | undefined;
    this.#untaken = 0;
    this.#state.interruptWanted = true;
    this.#post({ type: "interrupt" });
    this.#interrupting = setInterval(() => {
      if (!this.#state.interruptWanted) {
        inspector?.disconnect();
        clearInterval(this.#interrupting);
        this.#interrupting = undefined;
        this.#post({ type: "interrupted" });
        this.#next();
        return;
      }
      if (this.#state.phase === KERNEL) {
        return; // it looks at `interruptWanted` itself before it goes on to the learner's code
      }
      if (this.#untaken >= UNTAKEN_ATTEMPTS) {
        if (!inspector) {
          inspector = new Session();
          inspector.connectToMainThread();
        }
        inspector.post("Runtime.terminateExecution");
        this.#untaken = 0; // what is terminated may be a main thread about to hear the message
      } else if (process.platform === "win32") {
        this.#untaken++;
      } else {
        this.#signalHome = Date.now() + SIGNAL_MAY_TAKE;
        process.kill(process.pid, "SIGINT");
      }
      this.#post({ type: "interrupt" });
    }, INTERRUPT_EVERY);
  }

  async #shutdown(): Promise<void> {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), SHUTDOWN_PATIENCE);
    this.#streams.flush();
    this.#heartbeat.close();
    await Promise.all([this.#toShell, this.#toControl, this.#toStdin, this.#toIopub].map((outbox) => outbox.close()));
    this.#post({ type: "shutdown" });
  }

  /** A front end that was killed leaves no kernel behind. */
  #dieWithParent(): void {
    const parent = process.ppid;
    if (process.env.JPY_PARENT_PID === String(parent)) {
      setInterval(() => {
        if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
      }, 1000).unref();
    }
  }

  #post(message: ToMain): void {
    parentPort?.postMessage(message);
  }

  #status(request: Message, state: "busy" | "idle"): void {
    this.#publish(request.header, "status", { execution_state: state });
  }

  #publish(parent: Header | undefined, type: string, content: Record<string, unknown>): void {
    const message = messageFor(parent, this.#session, type, content);
    message.identities = [Buffer.from(type)]; // the topic
    this.#toIopub.send(this.#wire.encode(message));
  }

  #reply(outbox: Outbox, request: Message, type: string, content: Record<string, unknown>): void {
    const message = messageFor(request.header, this.#session, type, content);
    message.identities = request.identities;
    outbox.send(this.#wire.encode(message));
  }
}

new Switchboard().start();
