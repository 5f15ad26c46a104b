/**
 * Builds the kernel for browsers: a folder of files that any web server can hand out.
 *
 * The compiler, and what it made of the project's modules, are the ones of the kernel in Node.js.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** TypeScript's own declarations that cells see; see `../core/project.ts`. */
const LIBRARIES = ["lib.es2023.d.ts", "lib.es2024.string.d.ts", "lib.es2024.sharedmemory.d.ts"];

/** Packages whose types cells and the project's modules may want. */
const TYPED = [
  "@types/node",
  "undici-types",
  "pure-rand",
  "fraction.js",
  "decimal.js",
  "nodejs-polars",
  "katex",
  "tslab",
];

/** What cells may import from, with all that it imports: what commands and graders are made of is for Node.js. */
const OPEN = /^(\w+\.ts|course\/index\.ts|(data|equations|formula|notes|oracles|progress|show|verification)\/.*\.ts)$/;

/** Older compilers' forms of the same types. */
const OLDER = /\/ts\d\.\d\//;

/** How everything is bundled that a page of the site loads. */
export const FOR_BROWSERS = /** @type {const} */ ({
  bundle: true,
  minify: true,
  platform: "browser",
  format: "iife",
  target: "es2022",
  legalComments: "eof",
  logLevel: "error",
});

/**
 * Builds the kernel. `files.json` has the texts that it starts with, and where files are that it fetches when they are read.
 *
 * @param {string} root the project's folder, with the kernel for Node.js built
 * @param {string} out its folder `kernel` is written
 * @returns {Promise<void>}
 */
export async function buildBrowserKernel(root, out) {
  const target = join(out, "kernel");
  const source = join(root, "src", "kernel", "browser");
  const built = join(root, ".build", "kernel");
  mkdirSync(target, { recursive: true });
  const { build } = await import("esbuild");
  const common = { ...FOR_BROWSERS, absWorkingDir: root };
  await build({
    ...common,
    entryPoints: [join(source, "worker.ts")],
    outfile: join(target, "worker.js"),
    keepNames: true,
    plugins: [standIns(source)],
  });
  await build({ ...common, entryPoints: [join(source, "stop-worker.ts")], outfile: join(target, "stop-worker.js") });
  await build({
    ...common,
    stdin: {
      contents: `import * as vega from "vega"; import * as vegaLite from "vega-lite"; import Ajv from "ajv";
globalThis.charts = { vega, vegaLite, ajv: { default: Ajv } };`,
      resolveDir: root,
    },
    outfile: join(target, "vega.js"),
  });
  const compiler = readFileSync(join(built, "typescript.js"), "latin1");
  writeFileSync(join(target, "typescript.js"), `globalThis.loadTypeScript=${compiler}`, "latin1");
  const { modules, maps } = withoutMaps(join(built, "modules.json"));
  writeFileSync(join(target, "modules.json"), JSON.stringify(modules));
  writeFileSync(join(target, "maps.json"), JSON.stringify(maps));
  copyFileSync(join(root, "data", "digits.csv.gz"), join(target, "digits.csv.gz"));
  const schema = createRequire(join(root, "package.json")).resolve("vega-lite/build/vega-lite-schema.json");
  copyFileSync(schema, join(target, "vega-lite-schema.json"));
  const texts = files(root, built);
  /** @type {Record<string, string>} */
  const later = {
    "data/digits.csv.gz": "digits.csv.gz",
    "node_modules/vega-lite/build/vega-lite-schema.json": "vega-lite-schema.json",
    ...Object.fromEntries(
      readdirSync(join(root, "notebooks"))
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => [`notebooks/${name}`, `../files/notebooks/${name}`]),
    ),
  };
  // Only assignments want these.
  for (const path of Object.keys(texts).filter((path) => path.startsWith("src/course/"))) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), texts[path]);
    later[path] = path;
    delete texts[path];
  }
  writeFileSync(join(target, "files.json"), JSON.stringify({ texts, later }));
}

/**
 * The compiled modules, and apart from them their source maps: a third of it all, and wanted by nobody until there is an error.
 *
 * @param {string} file of the kernel for Node.js
 */
function withoutMaps(file) {
  /** @type {Record<string, { output?: { map?: string } }>} */
  const modules = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  /** @type {Record<string, string | undefined>} */
  const maps = {};
  for (const [name, { output }] of Object.entries(modules)) {
    if (!output) continue;
    maps[name] = output.map;
    output.map = name;
  }
  return { modules, maps };
}

/**
 * What the bundle has in place of packages that are for Node.js.
 *
 * @param {string} source
 * @returns {import("esbuild").Plugin}
 */
function standIns(source) {
  return {
    name: "stand-ins",
    setup(build) {
      build.onResolve({ filter: /^typescript$/ }, () => ({ path: join(source, "typescript.ts") }));
      build.onResolve({ filter: /^\.\/jupyter$/ }, () => ({ path: join(source, "tslab-jupyter.ts") }));
      build.onResolve(
        { filter: /^(@tslab\/typescript-for-tslab|crypto|fs|path|util|os|child_process)$/ },
        ({ path }) => ({
          path,
          namespace: "stand-in",
        }),
      );
      build.onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({
        contents: { crypto: CRYPTO, "@tslab/typescript-for-tslab": COMPILER }[path] ?? "module.exports = {};",
        resolveDir: source,
      }));
    },
  };
}

const CRYPTO = `exports.randomBytes = (count) => Buffer.from(crypto.getRandomValues(new Uint8Array(count)));
exports.randomUUID = () => crypto.randomUUID();`;

const COMPILER = `module.exports = { get version() { return require("typescript").default.version; }, sys: {} };`;

/**
 * The files that the kernel has in memory, by their paths from the project's root.
 *
 * @param {string} root
 * @param {string} built
 * @returns {Record<string, string>}
 */
function files(root, built) {
  /** @type {Record<string, string>} */
  const found = {};
  const add = (/** @type {string} */ path, clean = (/** @type {string} */ text) => text) => {
    found[relative(root, path)] = clean(readFileSync(path, "utf8"));
  };
  const library = join(root, "node_modules", "typescript", "lib");
  const addLibrary = (/** @type {string} */ name) => {
    const path = join(library, name);
    if (relative(root, path) in found) return;
    add(path);
    for (const [, lib] of readFileSync(path, "utf8").matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>$/gm)) {
      addLibrary(`lib.${lib}.d.ts`);
    }
  };
  for (const name of LIBRARIES) addLibrary(name);
  for (const name of TYPED) {
    for (const path of below(join(root, "node_modules", name))) {
      if (OLDER.test(path)) continue;
      if (/\.d\.[cm]?ts$/.test(path)) add(path, withoutComments);
      else if (path.endsWith("/package.json")) add(path);
    }
  }
  const source = join(root, "src");
  const names = readdirSync(source, { recursive: true, encoding: "utf8" });
  for (const path of withImports(names.filter((name) => OPEN.test(name)).map((name) => join(source, name)))) add(path);
  found[".build/globals.d.ts"] = readFileSync(join(built, "globals.d.ts"), "utf8");
  found["package.json"] = readFileSync(join(root, "package.json"), "utf8");
  return found;
}

/**
 * Files of the project's, and those that they import.
 *
 * @param {string[]} paths
 * @returns {Set<string>}
 */
function withImports(paths) {
  const found = new Set(paths);
  for (const path of found) {
    for (const [, name] of readFileSync(path, "utf8").matchAll(/\bfrom "(\.[^"]*)"/g)) {
      const to = join(dirname(path), name);
      const file = [to, `${to}.ts`, join(to, "index.ts")].find((one) => /\.(ts|json)$/.test(one) && existsSync(one));
      if (file) found.add(file);
    }
  }
  return found;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function below(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => !path.slice(dirname(folder).length).includes("/node_modules/"));
}

/**
 * Types without documentation, which is half of their text.
 *
 * @param {string} text
 */
function withoutComments(text) {
  return text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\r?\n/gm, "");
}
