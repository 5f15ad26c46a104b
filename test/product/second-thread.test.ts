import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { SecondThread } from "../../src/product/second-thread";
import type { Product } from "../../src/product/strided";
import { WorkingMemory } from "../../src/product/working-memory";
import { Random } from "../../src/random";
import { agrees, layouts, normal } from "./matrices";

/** A working memory whose products are shared however small they are, once the second thread is ready. */
async function sharing(count: number, columns: number, idle?: number) {
  const helper = new SecondThread(0, idle);
  const memory = new WorkingMemory(count, columns, helper);
  await ready(helper, memory);
  const product: Product = (A, B, C) => memory.product(A, B, C, false);
  return { helper, memory, product };
}

/** 1×1 times 1×1, at the beginning of a memory. */
const smallest = { a: 0, aRow: 8, aCol: 8, b: 0, bRow: 8, bCol: 8, c: 0, cRow: 8, add: false, sparse: false };

async function ready(helper: SecondThread, { shared }: WorkingMemory): Promise<void> {
  while (!helper.share(shared, { m: 1, n: 1, p: 1, ...smallest }, () => {})) await sleep(5);
}

describe("a product on two threads gives the bits of the plain loops", () => {
  it.each(layouts)("for all sizes up to 20×20×20 (A transposed: %s, B transposed: %s)", async (ofA, ofB) => {
    const { memory, product } = await sharing(3 * 400, 20);
    const [a, b, c] = [1, 2, 3].map(() => memory.take(400));
    for (let m = 1; m <= 20; m++) {
      for (let n = 1; n <= 20; n++) {
        for (let p = 1; p <= 20; p++) {
          const [A, B] = [normal(m, n, ofA, a.subarray(0, m * n)), normal(n, p, ofB, b.subarray(0, n * p))];
          if (!agrees(product, A, B, c.subarray(0, m * p))) expect.fail(`${m}×${n} times ${n}×${p}`);
        }
      }
    }
  });

  it("for larger random sizes, again and again", async () => {
    const { memory, product } = await sharing(2e6, 300);
    const [a, b, c] = [8e5, 8e5, 3e5].map((count) => memory.take(count));
    const random = new Random(2);
    for (let round = 0; round < 24; round++) {
      const [m, n, p] = [random.integer(1, 150), random.integer(1, 900), random.integer(1, 300)];
      const [ofA, ofB] = layouts[round % 4];
      const [A, B] = [normal(m, n, ofA, a.subarray(0, m * n)), normal(n, p, ofB, b.subarray(0, n * p))];
      for (let time = 0; time < 3; time++) {
        if (!agrees(product, A, B, c.subarray(0, m * p))) expect.fail(`${m}×${n} times ${n}×${p}`);
      }
    }
  });

  it.each([false, true])("where zeros are skipped (transposed: %s)", async (ofA) => {
    const random = new Random(6);
    const helper = new SecondThread(0);
    for (let round = 0; round < 40; round++) {
      const [m, n, p] = [random.integer(1, 40), random.integer(1, 600), random.integer(1, 45)];
      const memory = new WorkingMemory(m * n + n * p + m * p, p, helper);
      await ready(helper, memory);
      const A = normal(m, n, ofA, memory.take(m * n));
      A.data.forEach((value, k) => {
        A.data[k] = random.uniform() < 0.5 ? 0 : value;
      });
      const B = normal(n, p, false, memory.take(n * p));
      memory.skipZerosOf(A.data);
      const product: Product = (...operands) => memory.product(...operands, false);
      if (!agrees(product, A, B, memory.take(m * p))) expect.fail(`${m}×${n} times ${n}×${p}`);
    }
  });
});

/** What a product of 64×8 and 8×8 matrices of ones is, at the beginning of a memory. */
const ones = { m: 64, n: 8, p: 8, a: 0, aRow: 64, aCol: 8, b: 4096, bRow: 64, bCol: 8, c: 4608, cRow: 64 };

describe("the second thread", () => {
  it("takes the parts that the main thread has not begun", async () => {
    const { helper, memory } = await sharing(2000, 8);
    const data = memory.take(2000).fill(1, 0, 576);
    const C = data.subarray(576, 576 + 512);
    const mine: number[] = [];
    helper.share(memory.shared, { ...ones, add: false, sparse: false }, (part) => {
      mine.push(part.c);
      // The others appear while this one is not even begun.
      while (C.filter((sum) => sum === 8).length < 512 - part.m * part.p);
    });
    expect(mine).toHaveLength(1);
  });

  it("leaves nothing of an interrupted product to the next", async () => {
    const [m, long, short, p] = [256, 512, 4, 64];
    const { helper, memory, product } = await sharing(2 * m * long + long * p + m * p, p);
    const [a, b, c] = [m * long, long * p, m * p].map((count) => memory.take(count));
    const [aRow, bRow, at] = [8 * long, 8 * p, (data: Float64Array) => data.byteOffset];
    const whole = { m, n: long, p, a: at(a), aRow, aCol: 8, b: at(b), bRow, bCol: 8, c: at(c), cRow: bRow };
    let interruptions = 0;
    for (let round = 0; round < 100; round++) {
      try {
        helper.share(memory.shared, { ...whole, add: false, sparse: false }, () => {
          // The second thread is in a part of its own now, most probably.
          const begun = performance.now();
          while (performance.now() - begun < 0.1);
          throw new Error("interrupted");
        });
      } catch {
        interruptions++;
      }
      const [A, B] = [
        normal(m, short, false, a.subarray(0, m * short)),
        normal(short, p, false, b.subarray(0, short * p)),
      ];
      expect(agrees(product, A, B, c)).toBe(true);
    }
    expect(interruptions).toBeGreaterThan(0);
  });

  it("works in one memory after another", async () => {
    const helper = new SecondThread(0);
    const memories = [1, 2].map(() => new WorkingMemory(300, 10, helper));
    const matrices = memories.map((memory) => [1, 2, 3].map(() => memory.take(100)));
    for (let round = 0; round < 20; round++) {
      const k = round % 2;
      if (round % 4 > 1) await ready(helper, memories[k]);
      const [a, b, c] = matrices[k];
      const product: Product = (...operands) => memories[k].product(...operands, false);
      expect(agrees(product, normal(10, 10, false, a), normal(10, 10, true, b), c)).toBe(true);
    }
  });

  it("ends when there is nothing to do, and starts again", async () => {
    const { helper, memory } = await sharing(300, 10, 1);
    for (let round = 0; round < 3; round++) {
      await sleep(50);
      await ready(helper, memory);
    }
  });

  it("is not asked for products that are too small", () => {
    const memory = new WorkingMemory(10, 1);
    const whole = { m: 10, n: 10, p: 10, ...smallest };
    expect(new SecondThread(1001).share(memory.shared, whole, () => expect.fail("computed"))).toBe(false);
  });

  it("keeps no process alive, and ends with it", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { SecondThread } from "./src/product/second-thread";
          import { WorkingMemory } from "./src/product/working-memory";
          const helper = new SecondThread(0, 1e9);
          const memory = new WorkingMemory(10, 1, helper);
          const whole = ${JSON.stringify({ m: 1, n: 1, p: 1, ...smallest })};
          const again = () => helper.share(memory.shared, whole, () => {}) ? console.log("shared") : setTimeout(again, 5);
          again();`,
        resolveDir: process.cwd(),
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      write: false,
    });
    const { status, stdout, signal } = spawnSync(process.execPath, ["--eval", outputFiles[0].text], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, stdout, signal }).toEqual({ status: 0, stdout: "shared\n", signal: null });
  });
});
