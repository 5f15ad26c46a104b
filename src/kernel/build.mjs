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
const PACKAGES = ["tslab", "@tslab/typescript-for-tslab", "zeromq", "esbuild"];

/** What is bundled. */
const FILES = ["main.cjs", "switchboard.cjs", "sigint.cjs"];

/** The compiler made small. V8's cache of it lies beside it, and what it made of the project's modules. */
const COMPILER = "typescript.js";

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
  const whole = [...FILES, COMPILER].every((file) => existsSync(join(target, file)));
  if (whole && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    return false;
  }
  // Built beside its place, and then put there, so that a kernel which is just starting finds all of it or none.
  const fresh = join(root, ".build", `kernel-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  const { build, transform } = await import("esbuild");
  await build({
    entryPoints: FILES.map((file) => join(source, file.replace(/cjs$/, "ts"))),
    outdir: fresh,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "silent",
  }).catch((error) => {
    rmSync(fresh, { recursive: true });
    throw error;
  });
  writeFileSync(join(fresh, COMPILER), await smallCompiler(root, transform));
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
 * tslab's TypeScript compiler without comments, spaces and long names. V8 keeps the text of a script in memory as long as
 * it runs: 3 MB instead of 16, since a few letters in the comments would have V8 store all of it two bytes a letter.
 *
 * @param {string} root
 * @param {typeof import("esbuild").transform} transform
 * @returns {Promise<string>} ASCII text of an expression: a function, as Node.js makes one of a CommonJS module
 */
async function smallCompiler(root, transform) {
  const require = createRequire(join(root, "package.json"));
  const path = createRequire(require.resolve("tslab")).resolve("@tslab/typescript-for-tslab");
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
 * @param {string} root
 * @param {string} source
 */
function fingerprint(root, source) {
  const hash = createHash("sha256").update(process.version).update(process.arch);
  const require = createRequire(join(root, "package.json"));
  for (const name of PACKAGES) {
    hash.update(readFileSync(join(packageFolder(require, name), "package.json")));
  }
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" }).sort()) {
    if (/\.(ts|mjs|json)$/.test(file)) {
      hash.update(file).update(readFileSync(join(source, file)));
    }
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
  if (!folder) {
    throw new Error(`The package ${name} is not installed; run npm ci`);
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  console.log((await buildKernel(root)) ? "The kernel was built." : "The kernel is up to date.");
}
