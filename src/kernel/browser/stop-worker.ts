/**
 * The service worker: entry point of `stop-worker.js`. A worker that is in a loop hears no messages, but it can ask for a file and wait
 * for the answer. This one answers, and stores nothing.
 */

/** The kernels that shall stop. */
const wanted = new Set<string>();

/** What is used of a service worker, which TypeScript's types of pages do not know. */
interface Scope {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(
    type: "install" | "activate",
    listener: (event: { waitUntil(done: Promise<void>): void }) => void,
  ): void;
  addEventListener(type: "message", listener: (event: { data: { stop?: string } }) => void): void;
  addEventListener(
    type: "fetch",
    listener: (event: { request: { url: string }; respondWith(response: Response): void }) => void,
  ): void;
}

const scope = globalThis as unknown as Scope;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", ({ data }) => {
  if (data.stop !== undefined) wanted.add(data.stop);
});
scope.addEventListener("fetch", (event) => {
  const [, id] = /\/stop-wanted\?([^&]*)/.exec(event.request.url) ?? [];
  if (id !== undefined) event.respondWith(new Response(wanted.delete(id) ? "stop" : "go on"));
});
