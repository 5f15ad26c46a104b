import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { operationsModule } from "../../src/engine/lanes";
import { productBackend, workingMemory } from "../../src/engine/product";
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

/** A training run on the digits with whatever product this process has: small batches, the last of an epoch smaller. */
async function trainingRun() {
  const { productBackend } = await import("../../src/engine/product");
  const { loadDigits } = await import("../../src/data/digits");
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
  const { productBackend } = await import("../../src/engine/product");
  const { initialise } = await import("../../src/initialise");
  const { oneHot } = await import("../../src/data/labels");
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
    const lanes = operationsModule().lanes === 4 ? "four" : "two";
    const threads = threadsHere() === 2 ? "one thread, and large ones of training on two" : "one thread";
    expect(productBackend).toBe(`Matrix products run on WebAssembly SIMD, ${lanes} float64 lanes, on ${threads}.`);
  });

  it("is on one thread where the environment says so, and training has the same bits", async () => {
    const usual = await largeSteps();
    vi.resetModules();
    vi.stubEnv("BACKPROP_THREADS", "1");
    const alone = await largeSteps();
    expect(alone.productBackend).toMatch(
      /^Matrix products run on WebAssembly SIMD, (two|four) float64 lanes, on one thread\.$/,
    );
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
    const { productBackend, matrixProduct } = await import("../../src/engine/product");
    const { plainProduct } = await import("../../src/engine/plain");
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
    const { productBackend, workingMemory } = await import("../../src/engine/product");
    expect(productBackend).toContain("could not allocate memory");
    expect(workingMemory(10, 2)).toBeUndefined();
  });
});

describe("a working memory for training", () => {
  it("is not there if WebAssembly has not so much memory", () => {
    expect(workingMemory(1e10, 10)).toBeUndefined();
  });
});

it("training goes on in ordinary arrays where WebAssembly has not enough memory for it, with the same bits", async () => {
  const usual = await trainingRun();
  vi.resetModules();
  // Products get their memory, of 33 pages, and the training step, which asks for fewer, gets none.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: new (options: object) => object } };
  const Memory = new Proxy(WebAssembly.Memory, {
    construct(target, [options]) {
      if (options.initial < 30) throw new RangeError("could not allocate memory");
      return new target(options);
    },
  });
  vi.stubGlobal("WebAssembly", webAssemblyWith({ Memory }));
  const without = await trainingRun();
  expect(without.productBackend).toContain("Matrix products run on WebAssembly SIMD");
  expect(firstDifference(usual.parameters.W1.data, without.parameters.W1.data)).toBe(-1);
  expect(without.history).toEqual(usual.history);
});
