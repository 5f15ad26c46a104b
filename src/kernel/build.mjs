/**
 * Builds the kernel: TypeScript in, plain Node.js files in `.build/kernel/` out, with the compiler that it uses made small.
 *
 *     node src/kernel/build.mjs
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_OPTIONS } from "./kernelspec.mjs";

/** What the kernel's files depend on, beside the project's sources. */
const PACKAGES = ["tslab", "typescript", "zeromq", "esbuild"];

/** What is bundled. */
const FILES = ["main.cjs", "switchboard.cjs", "sigint.cjs"];

/** The compiler made small. V8's cache of it lies beside it, and what it made of the project's modules. */
const COMPILER = "typescript.js";

/** The types of global names that Node's own types do not have. */
const GLOBALS = "globals.d.ts";

/** What a CommonJS module's text is put into to be run. */
const WRAPPER = ["(function (exports, require, module, __filename, __dirname) {", "\n})"];

/**
 * Builds the kernel of the project at `root`, unless what is there was built from the same sources, packages and Node.js.
 *
 * @param {string} root the project's folder
 * @returns {Promise<boolean>} whether it had to be built
 * @throws {Error} if it can't be built
 */
export async function buildKernel(root) {
  const source = join(root, "src", "kernel");
  const target = join(root, ".build", "kernel");
  const stamp = fingerprint(root, join(root, "src"));
  const stampFile = join(target, "stamp");
  const whole = [...FILES, COMPILER, GLOBALS].every((file) => existsSync(join(target, file)));
  if (whole && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;
  // Built beside its place, and then put there, so that a kernel which is just starting finds all of it or none.
  const fresh = join(root, ".build", `kernel-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  const { build, transform } = await import("esbuild");
  await build({
    entryPoints: FILES.map((file) => join(source, "node", file.replace(/cjs$/, "ts"))),
    outdir: fresh,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    plugins: [ownTypeScript(join(source, "node", "typescript.ts"))],
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "silent",
  }).catch((error) => {
    rmSync(fresh, { recursive: true });
    throw error;
  });
  const { resolve } = createRequire(join(root, "package.json"));
  const library = dirname(resolve("typescript"));
  writeFileSync(join(fresh, COMPILER), await smallCompiler(join(library, "typescript.js"), transform));
  writeFileSync(join(fresh, GLOBALS), globals(readFileSync(join(library, "lib.dom.d.ts"), "utf8")));
  const argv = [...NODE_OPTIONS, join(fresh, "main.cjs"), "--build-code-cache"];
  const cached = spawnSync(process.execPath, argv, { encoding: "utf8" });
  if (cached.status !== 0) {
    rmSync(fresh, { recursive: true });
    throw new Error(`The kernel was built, but doesn't run: ${cached.stderr || cached.error || cached.signal}`);
  }
  writeFileSync(join(fresh, "stamp"), stamp);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  return true;
}

/**
 * The compiler of cells imports TypeScript as everybody does. The kernel's is loaded in a way of its own.
 *
 * @param {string} path of the module that loads it
 * @returns {import("esbuild").Plugin}
 */
function ownTypeScript(path) {
  return { name: "TypeScript", setup: (build) => build.onResolve({ filter: /^typescript$/ }, () => ({ path })) };
}

/**
 * TypeScript's compiler without comments, spaces and long names. V8 keeps the text of a script in memory as long as it
 * runs: 3.6 MB instead of 9, or 18 if a few letters in the comments had V8 store all of it two bytes a letter.
 *
 * @param {string} path
 * @param {typeof import("esbuild").transform} transform
 * @returns {Promise<string>} ASCII text of an expression: a function, as Node.js makes one of a CommonJS module
 */
async function smallCompiler(path, transform) {
  const { code } = await transform(readFileSync(path, "utf8"), {
    minify: true,
    charset: "ascii",
    legalComments: "none",
    platform: "node",
    target: "node20",
  });
  return WRAPPER.join(code);
}

/**
 * The types of WebAssembly, out of those of browsers, and of `prompt`, which asks the learner.
 *
 * @param {string} dom TypeScript's types of browsers
 */
function globals(dom) {
  const [, body] = /^declare namespace WebAssembly \{$([\s\S]*?)^\}$/m.exec(dom) ?? [];
  if (body === undefined) {
    throw new Error("The types of WebAssembly are not where they were in TypeScript's lib.dom.d.ts");
  }
  return `declare namespace WebAssembly {
    type BufferSource = ArrayBufferView | ArrayBuffer;${body}}
/** Asks for a line of text, and waits for it. An empty answer is \`initial\`, if there is one. */
declare function prompt(message?: string, initial?: string): string;
`;
}

/**
 * @param {string} root
 * @param {string} source
 */
function fingerprint(root, source) {
  const hash = createHash("sha256").update(process.version).update(process.arch);
  const require = createRequire(join(root, "package.json"));
  for (const name of PACKAGES) hash.update(readFileSync(join(packageFolder(require, name), "package.json")));
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" }).sort()) {
    if (/\.(ts|mjs|json)$/.test(file)) hash.update(file).update(readFileSync(join(source, file)));
  }
  return hash.digest("hex");
}

/**
 * @param {NodeJS.Require} require
 * @param {string} name
 * @returns {string}
 */
function packageFolder(require, name) {
  const folder = (require.resolve.paths(name) ?? []).map((path) => join(path, name)).find((path) => existsSync(path));
  if (!folder) throw new Error(`The package ${name} is not installed; run npm ci`);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  console.log((await buildKernel(root)) ? "The kernel was built." : "The kernel is up to date.");
}
