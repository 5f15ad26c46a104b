/**
 * Gives memory back while the learner reads.
 *
 * Every cell leaves the compiler's types of that cell behind. V8 lets such garbage lie until memory has grown by so much,
 * and keeps the room: a kernel that has just run cells holds some tens of megabytes that it doesn't need.
 * A class's kernels are idle most of the time, so that is when V8 is told that memory is scarce. Then it collects all
 * garbage, moves the rest together and returns the room, which takes some tenths of a second, once after each pause.
 */
import { Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

/** How long nothing is asked for before memory is given back, in ms. */
const IDLE = 3000;

/** Node's own: not ones that belong to a cell. */
const { setImmediate: later, setTimeout: wait } = globalThis;

/** Waits for the kernel to be idle. */
export class SpareMemory {
  #timer: NodeJS.Timeout | undefined;

  /** A request has come. */
  busy(): void {
    clearTimeout(this.#timer);
  }

  /** Nothing is to be done at the moment. */
  idle(): void {
    this.busy();
    this.#timer = wait(giveBack, IDLE).unref();
  }
}

function giveBack(): void {
  // V8 would throw the compiler's code away too, and the next cell would have to wait until it is compiled again.
  setFlagsFromString("--no-flush-bytecode");
  const session = new Session();
  session.connect();
  // Not at once: the collection is not quite over, and Node would hang.
  session.post("HeapProfiler.collectGarbage", () => later(() => session.disconnect()));
}
