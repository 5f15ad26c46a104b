/**
 * The compiled module, once more with four lanes where V8 makes them of two.
 *
 * V8 can join two vectors of two lanes that lie side by side to one of four, for which x64 processors with AVX2 have
 * instructions. Every lane's operations stay the same, and so do the bits: products only take less time. V8 has this
 * behind a flag, since it is young. So it is used where it was tried, for this module alone, and after a trial of its own.
 */
import { setFlagsFromString } from "node:v8";
import { wasmInBase64 } from "./compiled";
import type { WebAssemblyApi } from "./operations";
import { sameBits } from "./trial";

/** The Nodes in which all of this was tried. */
const TRIED = [24, 26];

/**
 * How V8 compiles with four lanes, and by default. It shall do so at once, with the optimising compiler, since that alone joins
 * vectors: then nothing else that is compiled later is concerned. Inlining would wait for what is counted while a module runs.
 * What is compiled already shall not be taken instead.
 */
const FLAGS = {
  joining: [
    "--experimental-wasm-revectorize",
    "--no-liftoff",
    "--no-wasm-lazy-compilation",
    "--no-wasm-inlining",
    "--no-wasm-native-module-cache",
  ],
  default: [
    "--no-experimental-wasm-revectorize",
    "--liftoff",
    "--wasm-lazy-compilation",
    "--wasm-inlining",
    "--wasm-native-module-cache",
  ],
} as const;

/** The compiled module, and how many lanes its vectors have. */
export interface OperationsModule {
  readonly module: object;
  readonly lanes: 2 | 4;
}

/** Compiled once. */
let compiled: OperationsModule | undefined;

/**
 * The compiled operations, the same module each time.
 *
 * @throws if this machine has no WebAssembly with SIMD
 */
export function operationsModule(): OperationsModule {
  compiled ??= compile(Buffer.from(wasmInBase64, "base64"), canJoin(process.versions.node, process.arch));
  return compiled;
}

/**
 * Whether four lanes are to be tried.
 *
 * @param node its version, such as "24.11.0"
 * @param architecture as in `process.arch`
 */
export function canJoin(node: string, architecture: string): boolean {
  return architecture === "x64" && TRIED.includes(Number.parseInt(node, 10));
}

/**
 * Compiles the operations: with two lanes, and, if wanted, with four. These are taken if all operations give the same bits.
 *
 * @param bytes the module
 * @param joining whether four lanes are wanted
 * @throws if this machine has no WebAssembly with SIMD
 */
export function compile(bytes: Uint8Array, joining: boolean): OperationsModule {
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
 * @param bytes a module
 */
export function withFourLanes(bytes: Uint8Array): object {
  for (const flag of FLAGS.joining) setFlagsFromString(flag);
  try {
    return new (webAssembly().Module)(bytes);
  } finally {
    for (const flag of FLAGS.default) setFlagsFromString(flag);
  }
}

function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}
