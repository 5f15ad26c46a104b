import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { productsModule } from "../../src/engine/four-lanes";
import { threadsHere } from "../../src/engine/threads";
import { firstDifference } from "./matrices";

beforeEach(() => void vi.resetModules());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** WebAssembly as it is here, except for a part. */
function webAssemblyWith(part: object): object {
  return Object.assign(Object.create((globalThis as unknown as { WebAssembly: object }).WebAssembly), part);
}

/** A training run on the digits with whatever engine this process has: small batches, the last of an epoch smaller. */
async function trainingRun() {
  const { initialise, loadDigits, Random, train } = await import("../../src");
  const { description } = await import("../../src/engine/engine");
  const { training: data, test } = loadDigits();
  const random = new Random(1);
  const parameters = initialise({ inputs: 64, hidden: 33, classes: 10, random });
  return { description, ...train({ data, test, parameters, random, epochs: 3, batchSize: 50 }) };
}

describe("the engine", () => {
  it("is SIMD here, and a sentence says so", async () => {
    const { description } = await import("../../src/engine/engine");
    const lanes = productsModule().lanes === 4 ? "four" : "two";
    const threads = threadsHere() === 2 ? "two threads" : "one thread";
    expect(description).toBe(
      `Matrices are computed with by WebAssembly SIMD, ${lanes} float64 lanes in products, on ${threads}.`,
    );
  });

  it("is the plain loops where there is no WebAssembly, and a whole training run has the same bits", async () => {
    const simd = await trainingRun();
    vi.resetModules();
    vi.stubGlobal("WebAssembly", undefined);
    const plain = await trainingRun();
    expect(simd.description).toContain("WebAssembly SIMD");
    expect(plain.description).toMatch(/^Matrices are computed with in plain loops: no WebAssembly SIMD here \(.+\)\.$/);
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      expect(firstDifference(simd.parameters[name].data, plain.parameters[name].data)).toBe(-1);
    }
    expect(plain.history).toEqual(simd.history);
  });

  it("is the plain loops where WebAssembly has no SIMD", async () => {
    class Module {
      constructor() {
        throw new Error("invalid value type 0x7b");
      }
    }
    vi.stubGlobal("WebAssembly", webAssemblyWith({ Module }));
    const { description, engine } = await import("../../src/engine/engine");
    const { plainLoops } = await import("../../src/matrix");
    expect(description).toBe(
      "Matrices are computed with in plain loops: no WebAssembly SIMD here (invalid value type 0x7b).",
    );
    expect(engine).toBe(plainLoops);
  });

  it("is the plain loops where WebAssembly gets no memory, as under a limit of the address space", async () => {
    class Memory {
      constructor() {
        throw new RangeError("could not allocate memory");
      }
    }
    vi.stubGlobal("WebAssembly", webAssemblyWith({ Memory }));
    const { description } = await import("../../src/engine/engine");
    expect(description).toContain("could not allocate memory");
  });
});
