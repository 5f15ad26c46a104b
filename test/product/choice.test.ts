import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { productBackend, workingArrays } from "../../src/product/product";
import { threadsHere } from "../../src/product/threads";
import { WorkingMemory } from "../../src/product/working-memory";
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

/** A training run on the digits with whatever product this process has: small batches, the last of an epoch smaller. */
async function trainingRun() {
  const { productBackend } = await import("../../src/product/product");
  const { loadDigits } = await import("../../src/data");
  const { initialise } = await import("../../src/initialise");
  const { Random } = await import("../../src/random");
  const { train } = await import("../../src/train");
  const { training: data, test } = loadDigits();
  const random = new Random(1);
  const parameters = initialise({ inputs: 64, hidden: 33, classes: 10, random });
  return { productBackend, ...train({ data, test, parameters, random, epochs: 3, batchSize: 50 }) };
}

/** Training steps on random samples, large enough for two threads. */
async function largeSteps() {
  const { productBackend } = await import("../../src/product/product");
  const { initialise } = await import("../../src/initialise");
  const { oneHot } = await import("../../src/labels");
  const { Random } = await import("../../src/random");
  const { TrainingStep } = await import("../../src/training-step");
  const random = new Random(1);
  const Y = oneHot(
    Array.from({ length: 128 }, () => random.integer(0, 9)),
    10,
  );
  const data = { X: random.normalMatrix(128, 784), Y };
  const step = new TrainingStep(data, initialise({ inputs: 784, hidden: 128, classes: 10, random }), 128);
  for (let k = 0; k < 50; k++) {
    step.run(random.permutation(128), 0.1);
    // Time for the second thread to start.
    if (k < 3) await new Promise((resume) => setTimeout(resume, 50));
  }
  return { productBackend, weights: step.parameters.W1.data };
}

describe("which product is used", () => {
  it("is SIMD here, and a sentence says so", () => {
    const threads = threadsHere() === 2 ? "one thread, and large ones of training on two" : "one thread";
    expect(productBackend).toBe(`Matrix products run on WebAssembly SIMD, two float64 lanes, on ${threads}.`);
  });

  it("is on one thread where the environment says so, and training has the same bits", async () => {
    const usual = await largeSteps();
    vi.resetModules();
    vi.stubEnv("BACKPROP_THREADS", "1");
    const alone = await largeSteps();
    expect(alone.productBackend).toBe("Matrix products run on WebAssembly SIMD, two float64 lanes, on one thread.");
    expect(firstDifference(usual.weights, alone.weights)).toBe(-1);
  });

  it("is the plain loops where there is no WebAssembly, and a whole training run has the same bits", async () => {
    const simd = await trainingRun();
    vi.resetModules();
    vi.stubGlobal("WebAssembly", undefined);
    const plain = await trainingRun();
    expect(simd.productBackend).toContain("WebAssembly SIMD");
    expect(plain.productBackend).toMatch(/^Matrix products run in plain loops: no WebAssembly SIMD here \(.+\)\.$/);
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
    const { productBackend, matrixProduct } = await import("../../src/product/product");
    const { plainProduct } = await import("../../src/product/plain");
    expect(productBackend).toBe(
      "Matrix products run in plain loops: no WebAssembly SIMD here (invalid value type 0x7b).",
    );
    expect(matrixProduct).toBe(plainProduct);
  });

  it("is the plain loops where WebAssembly gets no memory, as under a limit of the address space", async () => {
    class Memory {
      constructor() {
        throw new RangeError("could not allocate memory");
      }
    }
    vi.stubGlobal("WebAssembly", webAssemblyWith({ Memory }));
    const { productBackend, workingArrays } = await import("../../src/product/product");
    expect(productBackend).toContain("could not allocate memory");
    expect(workingArrays(10, 2)(4)).toEqual(new Float64Array(4));
  });
});

describe("working arrays", () => {
  it("are next to each other in one working memory", () => {
    const take = workingArrays(100, 10);
    const [a, b] = [take(60), take(40)];
    expect(WorkingMemory.of(a)).toBeInstanceOf(WorkingMemory);
    expect(WorkingMemory.of(b)).toBe(WorkingMemory.of(a));
    expect([a.length, b.length]).toEqual([60, 40]);
  });

  it("are ordinary arrays if there are more than WebAssembly can have", () => {
    const take = workingArrays(1e10, 10);
    expect(take(3)).toEqual(new Float64Array(3));
  });
});
