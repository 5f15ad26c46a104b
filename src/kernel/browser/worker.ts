/** The kernel in a browser: entry point of `worker.js`. All that it needs lies beside it. */
import "./surroundings";
import { CompiledModules } from "../core/compiled-modules";
import { FileVersions } from "../core/file-versions";
import { Kernel } from "../core/kernel";
import { join } from "../core/paths";
import { Project } from "../core/project";
import type { FromKernel } from "../core/protocol";
import { BrowserHost, MAPS } from "./browser-host";
import { MemoryFiles } from "./memory-files";
import { ROOT } from "./node-modules";
import type { FromWorker, ToWorker } from "./page-messages";

/** Where the learner's own files are, which the page keeps. */
const KEPT = [`${ROOT}/my-notebooks/`, `${ROOT}/notebooks/`];

/** Not what cells may replace. */
const post = globalThis.postMessage.bind(globalThis) as unknown as (message: FromWorker) => void;

/** `files.json`: by their paths from the project's root, texts, and where files are that are fetched when they are read. */
interface FilesOfKernel {
  texts: Record<string, string>;
  later: Record<string, string>;
}

async function fetched(file: string): Promise<Response> {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} is not there (${response.status})`);
  return response;
}

/** Fetches now, and keeps the worker waiting. */
function fetchedNow(file: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", file, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${file} is not there (${request.status})`);
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 255);
}

async function start({ id, files: own, folder }: Extract<ToWorker, { type: "start" }>): Promise<Kernel> {
  const [{ texts, later }, modules] = await Promise.all([
    fetched("files.json").then((response) => response.json() as Promise<FilesOfKernel>),
    fetched("modules.json").then((response) => response.text()),
  ]);
  const files = new MemoryFiles();
  for (const [path, text] of Object.entries(texts)) files.put(join(ROOT, path), text);
  for (const [path, file] of Object.entries(later)) files.putLater(join(ROOT, path), () => fetchedNow(file));
  files.put("/kernel/modules.json", modules);
  files.putLater(MAPS, () => fetchedNow("maps.json"));
  files.makeFolder("/tmp");
  files.makeFolder(folder);
  for (const [path, text] of Object.entries(own)) files.put(path, text);
  files.onWrite = (path, data) => {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    if (KEPT.some((kept) => path.startsWith(kept))) post({ type: "wrote", path, text });
  };
  const versions = new FileVersions(files);
  const compiled = new CompiledModules("/kernel/modules.json", ROOT, files, versions);
  const libraries = `${ROOT}/node_modules/typescript/lib`;
  const globals = [`${ROOT}/.build/globals.d.ts`];
  const project = new Project({ root: ROOT, folder, files, versions, compiled, libraries, globals });
  const tell = (message: FromKernel) => {
    post(message);
    // A loop that was stopped has ended when this is read.
    if (message.type === "signalled") setTimeout(() => kernel.handle({ type: "interrupted" }), 0);
  };
  const host = new BrowserHost(folder, files, id === undefined ? undefined : () => wantsStop(id), tell);
  const kernel = new Kernel(host, project);
  kernel.start();
  addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === "file") files.put(data.path, data.data);
    else if (data.type !== "start") kernel.handle(data);
    if (data.type === "interrupt") kernel.handle({ type: "interrupted" });
  });
  return kernel;
}

/** Asks the service worker. It is the only one that a loop can hear. */
function wantsStop(id: string): boolean {
  try {
    const request = new XMLHttpRequest();
    request.open("GET", `stop-wanted?${id}&${performance.now()}`, false);
    request.send();
    return request.status === 200 && request.responseText === "stop";
  } catch {
    return false;
  }
}

addEventListener("message", function begin({ data }: MessageEvent<ToWorker>) {
  if (data.type !== "start") return;
  removeEventListener("message", begin);
  const begun = performance.now();
  start(data).then(
    () => post({ type: "ready", milliseconds: performance.now() - begun }),
    (error: Error) => post({ type: "failed", reason: error.message }),
  );
});
