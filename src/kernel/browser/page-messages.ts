/** What a page and its kernel's worker say to each other. */
import type { FromKernel, ToKernel } from "../core/protocol";

/** From the page to the worker. */
export type ToWorker =
  | ToKernel
  /**
   * Begin.
   *
   * @property {string | undefined} id by which the service worker knows that this kernel shall stop, if there is one
   * @property files what the learner has, by their paths
   */
  | { type: "start"; id: string | undefined; files: Record<string, string>; folder: string }
  /** The learner's file is another now, or a new one. */
  | { type: "file"; path: string; data: string | Uint8Array };

/** From the worker to the page. */
export type FromWorker =
  | FromKernel
  | { type: "ready"; milliseconds: number }
  /** It can't begin. */
  | { type: "failed"; reason: string }
  /** A cell has written a file. */
  | { type: "wrote"; path: string; text: string };
