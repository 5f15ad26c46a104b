import { join } from "node:path";
import { compile } from "../../src/product/compile.mjs";

/** The floating-point operations of one turn of the loop in `peak.ts`. */
const OPERATIONS = 28;

/**
 * How many float64 multiplications and additions, as many of the one as of the other, WebAssembly SIMD does in a second on
 * one core of this machine: what no matrix product of its kind can exceed.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {number} rounds
 * @returns {number[]} operations in a second, round by round
 */
export function measureLimit({ root }, rounds) {
  const { WebAssembly } = /** @type {any} */ (globalThis);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(compile(join(root, "test", "bench", "peak.ts")));
  const { peak } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  new Float64Array(memory.buffer).fill(1);
  const turns = 2e6;
  const once = () => {
    const start = performance.now();
    peak(turns, 1024);
    return (OPERATIONS * turns * 1000) / (performance.now() - start);
  };
  for (let k = 0; k < 20; k++) once();
  return Array.from({ length: rounds }, () => Math.max(...Array.from({ length: 5 }, once)));
}
