/** What the kernel's core and its host say to each other. The messages' contents are Jupyter's. */

/** The header of a message: who sent it, when, and of what type it is. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A request that the host passes on, one at a time; the kernel answers each with one `reply`, or with `done`. */
export interface Request {
  type: "request";
  header: Header;
  content: Record<string, unknown>;
}

/** From the host to the kernel. */
export type ToKernel =
  | Request
  /** An interrupt is wanted. Who reads this is in no loop, and says in {@link RunningState} that it has heard. */
  | { type: "interrupt" }
  /** No signal will come any more: end the running cell. */
  | { type: "interrupted" };

/** A message for all front ends, in answer to the request `parent`. */
export interface Publish {
  type: "publish";
  parent: Header | undefined;
  msgType: string;
  content: Record<string, unknown>;
}

/** From the kernel to the host. */
export type FromKernel =
  | Publish
  /** The answer to the current request. After a failed cell, `abortQueued` has the requests that wait answered as aborted. */
  | { type: "reply"; msgType: string; content: Record<string, unknown>; abortQueued: boolean }
  /** A request without an answer (a type that we don't know) is done with. */
  | { type: "done" }
  /** Code of a cell was stopped, whoever wanted it. */
  | { type: "signalled" };

/** What the thread with the learner's code is doing: {@link IDLE}, {@link KERNEL} or {@link CELL}. */
export type Phase = 0 | 1 | 2;

/** No cell is running. Timers and promises of earlier ones may be. */
export const IDLE: Phase = 0;
/** The kernel's own code is at work (starting, type-checking a cell, reporting it): not to be stopped midway. */
export const KERNEL: Phase = 1;
/** The learner's code is running, or its promises and timers are awaited. */
export const CELL: Phase = 2;

/** What the host may look at, or set, while the learner's code is running. */
export interface RunningState {
  phase: Phase;
  /** Whether somebody asked for what is running to be stopped, and the kernel hasn't heard of it yet. */
  interruptWanted: boolean;
  /** So many letters of output were sent. May wait until the host has passed on what is under way. */
  sending(letters: number): void;
}
