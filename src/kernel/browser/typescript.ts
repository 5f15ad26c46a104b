/** TypeScript's compiler in a worker: the file beside it, which is the one that the kernel in Node.js uses. */
import type TypeScript from "typescript";

declare function importScripts(url: string): void;

type Load = (exports: object, require: () => object, module: { exports: unknown }) => void;

function load(): typeof TypeScript {
  importScripts("typescript.js");
  const module = { exports: {} as unknown };
  (globalThis as unknown as { loadTypeScript: Load }).loadTypeScript(module.exports as object, () => ({}), module);
  return module.exports as typeof TypeScript;
}

const ts = load();
export default ts;
