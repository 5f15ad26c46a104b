/**
 * Compiles what is in `assembly` from AssemblyScript to WebAssembly, and writes it as a module that any loader can read:
 *
 *     node src/engine/compile.mjs
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = dirname(fileURLToPath(import.meta.url));

/**
 * An AssemblyScript file as a WebAssembly module, which is given its memory.
 *
 * @param {string} file its absolute path
 * @returns {Buffer}
 * @throws {Error} with the compiler's messages if something is wrong in it
 */
export function compile(file) {
  const compiler = join(createRequire(import.meta.url).resolve("assemblyscript/package.json"), "..", "bin", "asc.js");
  const folder = mkdtempSync(join(tmpdir(), "assemblyscript-"));
  try {
    const wasm = join(folder, "module.wasm");
    const { status, stderr } = spawnSync(process.execPath, [compiler, file, `--outFile=${wasm}`, ...options], {
      cwd: dirname(file),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${file} can't be compiled:\n${stderr}`);
    return readFileSync(wasm);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const options = [
  "-O3",
  "--converge",
  "--noAssert",
  "--runtime=stub",
  "--enable=simd,threads",
  "--importMemory",
  "--sharedMemory",
  "--maximumMemory=65536",
  "--noExportMemory",
];

/** The text of `compiled.ts`, made from what is in `assembly`. */
export function compiledModules() {
  const [products, others] = ["products", "others"].map((name) =>
    compile(join(FOLDER, "assembly", `${name}.ts`)).toString("base64"),
  );
  return `/** What is in \`assembly\`, compiled by \`compile.mjs\`: WebAssembly modules in base64. */
export const productsInBase64 =
  "${products}";

export const othersInBase64 =
  "${others}";
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(FOLDER, "compiled.ts"), compiledModules());
