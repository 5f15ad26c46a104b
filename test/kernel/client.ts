/** A front end for tests: starts the real kernel, and speaks Jupyter's protocol with it over ZeroMQ. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import { NODE_OPTIONS } from "../../src/kernel/kernelspec.mjs";
import { Outbox } from "../../src/kernel/node/outbox";
import { type Connection, type Message, messageFor, Wire } from "../../src/kernel/node/wire";

/** How long a kernel may take for anything, in ms. Only a failing test ever waits for so long. */
const PATIENCE = 45_000;

/** What a message carries; tests look into it in many ways, and fail where it is something else. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Content = Record<string, any>;

/** All that came of a cell. */
export interface Execution {
  reply: Content;
  /** Messages on iopub in answer to it, without its states. */
  outputs: Message<Content>[];
}

/** A started kernel, and a connection to it. */
export class Client {
  readonly process: ChildProcess;
  /** What the kernel wrote to its own stdout and stderr. */
  log = "";
  /** All messages on iopub so far. */
  readonly published: Message<Content>[] = [];
  /** Where the shell channel is. */
  readonly shellAddress: string;
  readonly #session = randomUUID();
  readonly #wire: Wire;
  readonly #shell = new Dealer();
  readonly #control = new Dealer();
  readonly #stdin = new Dealer();
  readonly #toStdin = new Outbox(this.#stdin);
  readonly #questions: Message<Content>[] = [];
  readonly #sent = new Map<string, (string | Uint8Array)[]>();
  readonly #toShell = new Outbox(this.#shell);
  readonly #toControl = new Outbox(this.#control);
  readonly #iopub = new Subscriber();
  readonly #heartbeat = new Request();
  readonly #replies = new Map<string, Message<Content>>();
  readonly #folder: string;
  #changed: () => void = () => {};

  private constructor(process: ChildProcess, connection: Connection, folder: string) {
    this.process = process;
    this.#folder = folder;
    this.#wire = new Wire(connection);
    process.stderr?.on("data", (data) => {
      this.log += data;
    });
    process.stdout?.on("data", (data) => {
      this.log += data;
    });
    process.on("exit", () => this.#changed());
    const address = (port: number) => `tcp://127.0.0.1:${port}`;
    this.shellAddress = address(connection.shell_port);
    this.#control.connect(address(connection.control_port));
    // The answers to questions find their way by the name that the shell channel has, too.
    this.#shell.routingId = this.#session;
    this.#stdin.routingId = this.#session;
    this.#shell.connect(this.shellAddress);
    this.#stdin.connect(address(connection.stdin_port));
    this.#heartbeat.connect(address(connection.hb_port));
    this.#iopub.connect(address(connection.iopub_port));
    this.#iopub.subscribe();
    this.#collect(this.#shell, (message) => this.#replies.set(String(parentOf(message)), message));
    this.#collect(this.#control, (message) => this.#replies.set(String(parentOf(message)), message));
    this.#collect(this.#stdin, (message) => this.#questions.push(message));
    this.#collect(this.#iopub, (message) => this.published.push(message));
  }

  /**
   * Starts the kernel of the project at `root`.
   *
   * @param options `cwd` where it is started, and arguments for Node.js and for the kernel; `command`, what another kernel is
   *   started by, which need not welcome who listens to it
   */
  static async start(
    root: string,
    options: {
      cwd?: string;
      nodeArguments?: string[];
      kernelArguments?: string[];
      command?: (connectionFile: string) => string[];
    } = {},
  ): Promise<Client> {
    const folder = mkdtempSync(join(tmpdir(), "kernel-test-"));
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
    const connection: Connection = {
      transport: "tcp",
      ip: "127.0.0.1",
      key: randomUUID(),
      signature_scheme: "hmac-sha256",
      shell_port,
      iopub_port,
      stdin_port,
      control_port,
      hb_port,
    };
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection));
    const main = join(root, ".build", "kernel", "main.cjs");
    const { nodeArguments = [], kernelArguments = [], command } = options;
    const own = [...NODE_OPTIONS, ...nodeArguments, main, "--connection-file", file, ...kernelArguments];
    const process = spawn(globalThis.process.execPath, command?.(file) ?? own, {
      cwd: options.cwd ?? folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const client = new Client(process, connection, folder);
    const isWelcome = ({ header }: Message) => header.msg_type === "iopub_welcome";
    if (command) await client.request("kernel_info_request", {});
    else await client.until(() => client.published.some(isWelcome), "a welcome");
    return client;
  }

  /** Sends a request, on the control channel if it belongs there, and does not wait. Returns its id. */
  send(type: string, content: Record<string, unknown>, channel: "shell" | "control" = "shell"): string {
    const message = messageFor(undefined, this.#session, type, content);
    const frames = this.#wire.encode(message);
    this.#sent.set(message.header.msg_id, frames);
    (channel === "shell" ? this.#toShell : this.#toControl).send(frames);
    return message.header.msg_id;
  }

  /** Sends a request on the shell channel again, as it was. */
  sendAgain(id: string): void {
    this.#toShell.send(this.#sent.get(id)!);
  }

  /** The frames of a request, for a socket of somebody else's. */
  framesOf(type: string, content: Record<string, unknown>): (string | Uint8Array)[] {
    return this.#wire.encode(messageFor(undefined, this.#session, type, content));
  }

  /** Waits for the cell `id` to ask for a line of text. */
  async question(id: string): Promise<Message<Content>> {
    return this.until(() => this.#questions.find((message) => parentOf(message) === id), "a question");
  }

  /** Answers a cell's question. */
  answer(question: Message<Content>, value: string): void {
    this.#toStdin.send(this.#wire.encode(messageFor(question.header, this.#session, "input_reply", { value })));
  }

  /** Waits for the reply to the request `id`. */
  async reply(id: string): Promise<Message<Content>> {
    return this.until(() => this.#replies.get(id), "a reply");
  }

  /** Sends a request and waits for its reply. */
  async request(type: string, content: Record<string, unknown>, channel: "shell" | "control" = "shell") {
    return this.reply(this.send(type, content, channel));
  }

  /** Sends a cell, and does not wait. Returns the request's id. */
  sendCell(code: string, options: Record<string, unknown> = {}): string {
    return this.send("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  /** Waits for the kernel to have taken up the request `id`. */
  async begun(id: string): Promise<void> {
    await this.until(() => this.#hasState(id, "busy"), "the state busy");
  }

  /** Waits for a cell that was sent to be done. */
  async executed(id: string): Promise<Execution> {
    const reply = await this.reply(id);
    await this.until(() => this.#hasState(id, "idle"), "the state idle");
    return { reply: reply.content, outputs: this.outputsOf(id) };
  }

  /** Runs a cell. */
  async run(code: string, options: Record<string, unknown> = {}): Promise<Execution> {
    return this.executed(this.sendCell(code, options));
  }

  /** The messages on iopub so far in answer to the request `id`, without its states. */
  outputsOf(id: string): Message<Content>[] {
    return this.published.filter((message) => parentOf(message) === id && message.header.msg_type !== "status");
  }

  /** Waits for a message of `type` in answer to the request `id`. */
  async output(id: string, type: string): Promise<Message<Content>> {
    return this.until(() => this.outputsOf(id).find((message) => message.header.msg_type === type), type);
  }

  /** Asks the kernel to stop the running cell. */
  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, "control");
  }

  /** Sends a heartbeat, and waits for it to come back. */
  async heartbeat(): Promise<string> {
    await this.#heartbeat.send("beat");
    const [echo] = await this.#heartbeat.receive();
    return String(echo);
  }

  /** Waits until `find` finds something. Fails if that takes too long, or if the kernel dies meanwhile. */
  async until<Found>(find: () => Found | undefined | false, what: string): Promise<Found> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = find();
      if (found) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        const { exitCode, signalCode } = this.process;
        throw new Error(`the kernel has died (${signalCode ?? exitCode}), while ${what} was waited for: ${this.log}`);
      }
      if (Date.now() > end) throw new Error(`no ${what} within ${PATIENCE} ms; the kernel says: ${this.log}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        setTimeout(resolve, 200);
      });
    }
  }

  /** Waits for the kernel's process to end, by itself. */
  async ended(): Promise<{ code: number | null; signal: string | null }> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await once(this.process, "exit", { signal: AbortSignal.timeout(PATIENCE) });
    }
    return { code: this.process.exitCode, signal: this.process.signalCode };
  }

  /** Ends the kernel, if it still runs, and the connection. */
  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGKILL");
      await this.ended();
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #hasState(id: string, state: string): boolean {
    return this.published.some((message) => parentOf(message) === id && message.content.execution_state === state);
  }

  async #collect(socket: Dealer | Subscriber, take: (message: Message<Content>) => void): Promise<void> {
    for await (const frames of socket) {
      take(this.#wire.decode(frames));
      this.#changed();
    }
  }
}

function parentOf(message: Message): string | undefined {
  return message.parent_header.msg_id;
}

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
