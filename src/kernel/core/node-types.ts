/**
 * The types of Node's modules, read when somebody imports them.
 *
 * The package `@types/node` refers to the files of all modules, for the sake of the few names that are global. Their trees
 * are two thirds of what the compiler has in memory before the first cell. A file that no global name needs is left out,
 * and an import of its module leads to it instead: then it is there, with all that it refers to.
 */

/** Files of modules that no global name needs, beside the modules' names if these are others. */
const ON_DEMAND: Record<string, string[] | undefined> = {
  assert: undefined,
  "assert/strict": undefined,
  cluster: undefined,
  constants: undefined,
  diagnostics_channel: undefined,
  domain: undefined,
  http2: undefined,
  https: undefined,
  "inspector.generated": ["inspector", "inspector/promises"],
  os: undefined,
  path: undefined,
  punycode: undefined,
  repl: undefined,
  sea: undefined,
  "stream/consumers": undefined,
  string_decoder: undefined,
  test: ["test", "test/reporters"],
  trace_events: undefined,
  v8: undefined,
  wasi: undefined,
  zlib: undefined,
};

/** Modules that are Node's only with the prefix `node:`, and somebody else's package without. */
const ONLY_WITH_PREFIX = new Set(["sea", "test", "test/reporters"]);

const MODULES = Object.entries(ON_DEMAND).flatMap(([file, names = [file]]) => names.map((name) => ({ name, file })));

const PACKAGE = /\/node_modules\/@types\/node\/(.*\/)?(index|process)\.d\.ts$/;

const REFERENCES = new RegExp(
  `^/// <reference path="(\\.\\./)?(${Object.keys(ON_DEMAND).join("|")})\\.d\\.ts" />$`,
  "gm",
);

/** Of `process.getBuiltinModule`, whose result has the type `object` for a module that is left out. */
const BUILT_IN = new RegExp(`^ *"(node:)?(${MODULES.map(({ name }) => name).join("|")})": typeof import\\(.*$`, "gm");

/** The text of a file as the compiler shall see it: of Node's types, without what refers to modules that are left out. */
export function withoutModulesOnDemand(path: string, text: string): string {
  return PACKAGE.test(path) ? text.replace(REFERENCES, "").replace(BUILT_IN, "") : text;
}

/**
 * Where the modules are that {@link withoutModulesOnDemand} leaves out, as TypeScript's option `paths`.
 *
 * @param types the folder of Node's types
 */
export function modulesOnDemand(types: string): Record<string, string[]> {
  return Object.fromEntries(
    MODULES.flatMap(({ name, file }) =>
      (ONLY_WITH_PREFIX.has(name) ? [`node:${name}`] : [name, `node:${name}`]).map((specifier) => [
        specifier,
        [`${types}/${file}.d.ts`],
      ]),
    ),
  );
}
