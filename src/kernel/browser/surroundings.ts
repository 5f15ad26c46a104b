/** What code finds everywhere in Node.js, and not in a browser. The bundle begins with it. */
import { Buffer } from "buffer";
import { process } from "./node-modules";

/** A timer's number, with the methods that Node's timers have. */
class Timer {
  constructor(readonly id: number) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  /** So that a browser's own `clearTimeout` knows it. */
  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

type Callback = (...args: unknown[]) => void;
type SetTimer = (callback: Callback, ms?: number, ...args: unknown[]) => number;

/** Called as soon as other messages allow, without a timer's least delay. */
const waiting = new Map<number, () => void>();
const channel = new MessageChannel();
let last = 0;
channel.port1.onmessage = ({ data }) => {
  const callback = waiting.get(data);
  waiting.delete(data);
  callback?.();
};

function setImmediate(callback: Callback, ...args: unknown[]): Timer {
  waiting.set(++last, () => callback(...args));
  channel.port2.postMessage(last);
  return new Timer(last);
}

const { setTimeout, setInterval } = globalThis as unknown as Record<"setTimeout" | "setInterval", SetTimer>;

Object.assign(globalThis, {
  global: globalThis,
  process,
  Buffer,
  setTimeout: (callback: Callback, ms?: number, ...args: unknown[]) => new Timer(setTimeout(callback, ms, ...args)),
  setInterval: (callback: Callback, ms?: number, ...args: unknown[]) => new Timer(setInterval(callback, ms, ...args)),
  setImmediate,
  clearImmediate: (timer: Timer) => waiting.delete(Number(timer)),
  prompt: () => {
    throw new Error("A cell can't ask for a line of text in a browser tab: write the answer into the cell.");
  },
});

// Browsers have it over HTTPS, and on this machine, alone.
globalThis.crypto.randomUUID ??= () => {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  const [a, b, c, d, e] = [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)];
  return [a, b, c, d, e].map((part) => part.join("")).join("-") as ReturnType<typeof crypto.randomUUID>;
};
