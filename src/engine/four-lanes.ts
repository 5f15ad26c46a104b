/**
 * The compiled products, once more with four lanes where V8 makes them of two.
 *
 * V8 can join two vectors of two lanes that lie side by side to one of four, for which x64 processors with AVX2 have
 * instructions. Every lane's operations stay the same, and so do the bits: products only take less time. V8 has this behind a
 * flag, since it is young. So it is used where it was tried, for this module alone, and after a trial of its own.
 *
 * Flags are the whole process's. Those that are set here change how a module is compiled, and nothing that another thread
 * counts on which compiles or runs one at that moment. Others would end the process (inlining, Liftoff).
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";
import { productsInBase64 } from "./compiled";
import type { WebAssemblyApi } from "./operations";
import { sameBits } from "./same-bits";

/** The Nodes in which all of this was tried. */
const TRIED = [24, 26];

/**
 * How V8 compiles with four lanes, and by default: at once, and the first 32 functions with the optimising compiler, since that
 * alone joins vectors.
 */
const FLAGS = {
  joining: ["--experimental-wasm-revectorize", "--no-wasm-lazy-compilation", "--wasm-tier-mask-for-testing=-1"],
  default: ["--no-experimental-wasm-revectorize", "--wasm-lazy-compilation", "--wasm-tier-mask-for-testing=0"],
} as const;

/** A section that says nothing, so that V8 does not take what it has compiled of the same bytes. */
const SECTION = Uint8Array.of(0, 2, 1, 52);

/** The compiled module, and how many lanes its vectors have. */
export interface CompiledProducts {
  readonly module: object;
  readonly lanes: 2 | 4;
}

/** Compiled once. */
let compiled: CompiledProducts | undefined;

/**
 * The module of the products, the same each time.
 *
 * @throws if this machine has no WebAssembly with SIMD
 */
export function productsModule(): CompiledProducts {
  compiled ??= compile(Buffer.from(productsInBase64, "base64"), isMainThread && canJoin());
  return compiled;
}

/**
 * Whether four lanes are to be tried.
 *
 * @param options the Node, such as "24.11.0"; the processor's architecture; what Node was started with, of which flags of
 *   WebAssembly's shall stay as they are; and where Linux tells of processors
 */
export function canJoin({
  node = process.versions.node,
  architecture = process.arch as string,
  options = process.execArgv as readonly string[],
  processors = "/proc/cpuinfo",
} = {}): boolean {
  return (
    architecture === "x64" &&
    TRIED.includes(Number.parseInt(node, 10)) &&
    !options.some((option) => /wasm|freeze|avx/.test(option)) &&
    hasAvx2(processors)
  );
}

/** Where nothing tells, it is assumed: all processors that macOS and Windows still run on have it. */
function hasAvx2(processors: string): boolean {
  try {
    return /\bavx2\b/.test(readFileSync(processors, "utf8"));
  } catch {
    return true;
  }
}

/**
 * Compiles the products: with two lanes, and, if wanted, with four. These are taken if all of them give the same bits.
 *
 * @param bytes the module
 * @param joining whether four lanes are wanted
 * @throws if this machine has no WebAssembly with SIMD
 */
export function compile(bytes: Uint8Array, joining: boolean): CompiledProducts {
  const module = new (webAssembly().Module)(bytes);
  if (joining) {
    try {
      const joined = withFourLanes(bytes);
      if (sameBits(module, joined)) return { module: joined, lanes: 4 };
    } catch {
      // What can't be compiled so, or has no memory for its trial, is not taken.
    }
  }
  return { module, lanes: 2 };
}

/**
 * Has V8 make four lanes of two.
 *
 * @param bytes a module of at most 32 functions
 */
export function withFourLanes(bytes: Uint8Array): object {
  const reset = () => {
    for (const flag of FLAGS.default) setFlagsFromString(flag);
  };
  // Where a signal stops all that runs, `finally` does not run either. (And a timer of Node's might break.)
  Promise.resolve().then(reset);

  try {
    for (const flag of FLAGS.joining) setFlagsFromString(flag);
    return new (webAssembly().Module)(Buffer.concat([bytes, SECTION]));
  } finally {
    reset();
  }
}

function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}
