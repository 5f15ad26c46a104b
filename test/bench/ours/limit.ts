/** Prints how many float64 multiplications and additions WebAssembly does in a second here: node limit.mjs MODULE ROUNDS */
import { readFileSync } from "node:fs";
import { productsModule, withFourLanes } from "../../../src/engine/four-lanes";
import type { WebAssemblyApi } from "../../../src/engine/operations";

const [module, rounds] = process.argv.slice(2);
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
new Float64Array(memory.buffer).fill(1);
const bytes = readFileSync(module);
const { lanes } = productsModule();
const compiled = lanes === 4 ? withFourLanes(bytes) : new WebAssembly.Module(bytes);
const exported = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<
  "peak" | "peakOfPairs",
  (turns: number, address: number) => void
>;
/** What does so many floating-point operations in a turn of its loop. */
const [loop, operations] = lanes === 4 ? [exported.peakOfPairs, 56] : [exported.peak, 28];

const turns = 2e6;
const once = () => {
  const start = performance.now();
  loop(turns, 1024);
  return (operations * turns * 1000) / (performance.now() - start);
};
for (let k = 0; k < 20; k++) once();
const perSecond = Array.from({ length: Number(rounds) }, () => Math.max(...Array.from({ length: 5 }, once)));
console.log(JSON.stringify({ lanes, perSecond }));
