/**
 * Cells while they run and after: which one the code at work belongs to.
 *
 * Output and errors that come late, out of a timer or a promise, belong to the cell that started them. Node's
 * `AsyncLocalStorage` would follow every promise, but stopping a loop in one leaves its bookkeeping broken, and Node 20
 * then ends the process. So timers are followed by hand: they are replaced by ones that remember their cell. The
 * reactions to promises that a callback settles are run with it. What the operating system settles (a file that was
 * read) counts for the cell that is running, or else for the last one.
 */
import type { Guard } from "./host";
import type { Header } from "./protocol";

/** What a stopped cell fails with. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("the cell was stopped; variables and modules are still there");
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** One execution of a cell. */
export class Cell {
  /** Whether it was stopped. Then it has no more output and no timers, and fails soon. */
  stopped = false;
  /** Whether its reply was sent. */
  ended = false;
  /** What goes on with it: fails it while it is running. Set by whoever runs it. */
  fail: (error: unknown) => void = () => {};
  readonly #cancellations = new Set<() => void>();

  /**
   * @param header of the request to run it, which its output refers to
   * @param count its execution count
   * @param silent whether its output is wanted by nobody
   * @param allowsInput whether the front end can ask the learner for input
   */
  constructor(
    readonly header: Header,
    readonly count: number,
    readonly silent: boolean,
    readonly allowsInput: boolean,
  ) {}

  /** Stops it: its timers are cleared, and no more can be set. */
  stop(): void {
    this.stopped = true;
    for (const cancel of this.#cancellations) cancel();
    this.#cancellations.clear();
  }

  /** @throws {Interrupted} if it was stopped */
  throwIfStopped(): void {
    if (this.stopped) throw new Interrupted();
  }

  /** Notes how to call a timer off. */
  onStop(cancel: () => void): void {
    this.#cancellations.add(cancel);
  }

  /** A timer has fired or was cleared. */
  offStop(cancel: () => void): void {
    this.#cancellations.delete(cancel);
  }
}

type Callback = (this: unknown, ...args: unknown[]) => void;

/** Which cell the code at work belongs to. */
export class Cells {
  readonly #failed: (cell: Cell, error: unknown) => void;
  readonly #guard: Guard;
  readonly #signalled: () => void;
  /** The cell whose callback is on the stack. */
  #entered: Cell | undefined;
  /** The cell that is running, or else the one that ran last. */
  #latest: Cell | undefined;

  /**
   * @param guard runs cells' callbacks
   * @param failed is told when a callback of a cell throws
   * @param signalled is told when code of a cell was stopped
   */
  constructor(guard: Guard, failed: (cell: Cell, error: unknown) => void, signalled: () => void) {
    this.#guard = guard;
    this.#failed = failed;
    this.#signalled = signalled;
  }

  /** The cell that output or an error at this moment belongs to. */
  get current(): Cell | undefined {
    return this.#entered ?? this.#latest;
  }

  /** The cell that is running. */
  get running(): Cell | undefined {
    return this.#latest?.ended === false ? this.#latest : undefined;
  }

  /** A cell begins. */
  begin(cell: Cell): void {
    this.#latest = cell;
  }

  /** Does `action` on behalf of `cell`. */
  within<Result>(cell: Cell, action: () => Result): Result {
    const outer = this.#entered;
    this.#entered = cell;
    try {
      return action();
    } finally {
      this.#entered = outer;
    }
  }

  /** Whether `error` is what code fails with that was stopped from outside. */
  isInterruption(error: unknown): boolean {
    return this.#guard.isInterruption(error);
  }

  /**
   * A signal stopped code of `cell`. Loops of it may be left, in promises and callbacks that wait their turn, which more
   * signals stop. The cell's end is not told here, where a signal may come at any time: see `switchboard.ts`.
   */
  signalled(cell: Cell): void {
    cell.stop();
    this.#signalled();
  }

  /** Runs the reactions to promises of `cell` that are due, until there are none: a signal stops those that have no end. */
  drain(cell: Cell): void {
    let done = false;
    while (!done) done = this.#call(cell, () => this.#guard.runWithReactions(() => {}));
  }

  /** Replaces a global timer by one that belongs to the cell that sets it. */
  installTimer(
    name: "setTimeout" | "setInterval" | "setImmediate",
    clear: (timer: never) => void,
    repeats: boolean,
  ): void {
    const original = globalThis[name] as (callback: Callback, ...args: unknown[]) => object;
    const replaced = (callback: Callback, ...args: unknown[]): object => {
      const cell = this.#entered ?? this.running;
      if (!cell || typeof callback !== "function") return original(callback, ...args);
      cell.throwIfStopped();
      const cancel = () => clear(timer as never);
      const fire = (timer: unknown, values: unknown[]) => {
        if (!repeats) cell.offStop(cancel);
        if (!this.#call(cell, () => this.#guard.runWithReactions(() => callback.apply(timer, values))))
          this.drain(cell);
      };
      const timer = original(
        function (this: unknown, ...values) {
          fire(this, values);
        },
        ...args,
      );
      cell.onStop(cancel);
      return timer;
    };
    Object.assign(globalThis, { [name]: Object.assign(replaced, original) });
  }

  /** Replaces a function that puts a callback off by one that knows the cell that calls it. */
  installTask(owner: object, name: string): void {
    const tasks = owner as Record<string, (callback: Callback, ...args: unknown[]) => void>;
    const original = tasks[name];
    tasks[name] = (callback, ...args) => {
      const cell = this.#entered;
      if (!cell || typeof callback !== "function") {
        original.call(owner, callback, ...args);
      } else {
        cell.throwIfStopped();
        original.call(owner, () => this.#call(cell, () => this.#guard.run(() => callback.apply(undefined, args))));
      }
    };
  }

  /** A callback of `cell`. Returns whether it was not stopped. */
  #call(cell: Cell, callback: () => void): boolean {
    try {
      this.within(cell, callback);
    } catch (error) {
      if (this.isInterruption(error)) {
        this.signalled(cell);
        return false;
      }
      this.within(cell, () => this.#failed(cell, error));
    }
    return true;
  }
}
