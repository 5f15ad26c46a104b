/**
 * TypeScript's compiler, loaded fast: small, and with what V8 made of it the last time. The kernel is bundled with this
 * module in place of the package `typescript`, so that the compiler of cells need not know of it.
 */
import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import type TypeScript from "typescript";
import { findDocComments } from "../core/doc-comments";
import { withoutModulesOnDemand } from "../core/node-types";

/** V8's compiled form of the compiler, beside the kernel: it halves the time to load it. */
export const CODE_CACHE = join(__dirname, "typescript.cache");

/** The compiler's text, made small by `build.mjs`. It is ASCII. */
const script = new Script(readFileSync(join(__dirname, "typescript.js"), "latin1"), {
  filename: join(__dirname, "typescript.js"),
  cachedData: existsSync(CODE_CACHE) ? readFileSync(CODE_CACHE) : undefined,
});

function load(): typeof TypeScript {
  const path = require.resolve("typescript/lib/typescript.js");
  const module = new Module(path);
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  const ts = module.exports as typeof TypeScript;
  findDocComments(ts, (file) => withoutModulesOnDemand(file, ts.sys.readFile(file) ?? ""));
  return ts;
}

const ts = load();
export default ts;

/** V8's compiled form of the compiler, as far as it was used until now. */
export function codeCache(): Buffer {
  return script.createCachedData();
}
