import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import type { Work } from "../../src/engine/parts";
import { SecondThread } from "../../src/engine/second-thread";
import type { Product } from "../../src/engine/strided";
import { WorkingMemory } from "../../src/engine/working-memory";
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

/** Nothing that anyone would notice. */
const smallest: Work = { operation: "descend", count: 0, args: [0, 0, 0], steps: [8, 8, 0], cost: 1 };

async function ready(helper: SecondThread, { shared, operations }: WorkingMemory): Promise<void> {
  while (!helper.share(shared, smallest, operations)) await sleep(5);
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
});

describe("the second thread", () => {
  it("takes what the main thread has not begun, from the back", async () => {
    // C = A·B of which every entry is n, and so large an n that eight rows of C take milliseconds. A and B are one number.
    const [m, n, p] = [64, 1e6, 8];
    const { helper, memory } = await sharing(1 + m * p, p);
    const [one, C] = [memory.take(1).fill(1), memory.take(m * p)];
    const work: Work = {
      operation: "multiply",
      count: m,
      args: [n, p, one.byteOffset, 0, 0, one.byteOffset, 0, 0, C.byteOffset, 8 * p, 0],
      steps: [0, 0, 0, 0, 0, 0, 0, 0, 8 * p, 0, 0],
      cost: 1e6,
    };
    let mine: { count: number; c: number }[] = [];
    let fromBack = false;
    const multiply = (count: number, ...args: number[]) => {
      mine.push({ count, c: args[8] });
      // The other rows appear while this part is not even begun.
      const next = (args[8] - C.byteOffset) / 8 + count * p;
      while (C[next] === 0) fromBack ||= C[m * p - 1] > 0 && C[next] === 0;
    };
    // The second thread may be so early that nothing is left for this one: then again.
    for (let round = 0; round < 20 && !fromBack; round++) {
      C.fill(0);
      mine = [];
      helper.share(memory.shared, work, { ...memory.operations, multiply });
      const [{ count, c }, ...more] = mine.length > 0 ? mine : [{ count: 0, c: C.byteOffset }];
      expect({ c, more }).toEqual({ c: C.byteOffset, more: [] });
      expect([...C]).toEqual(Array.from(C, (_, k) => (k < count * p ? 0 : n)));
    }
    expect(fromBack).toBe(true);
  });

  it("leaves nothing of interrupted work to the next", async () => {
    const [m, long, short, p] = [256, 512, 4, 64];
    const { helper, memory, product } = await sharing(2 * m * long + long * p + m * p, p);
    const [a, b, c] = [m * long, long * p, m * p].map((count) => memory.take(count));
    const [aRow, bRow, at] = [8 * long, 8 * p, (data: Float64Array) => data.byteOffset];
    const work: Work = {
      operation: "multiply",
      count: m,
      args: [long, p, at(a), aRow, 8, at(b), bRow, 8, at(c), bRow, 0],
      steps: [0, 0, aRow, 0, 0, 0, 0, 0, bRow, 0, 0],
      cost: 3000,
    };
    const multiply = () => {
      // The second thread is in a part of its own now, most probably.
      const begun = performance.now();
      while (performance.now() - begun < 0.1);
      throw new Error("interrupted");
    };
    let interruptions = 0;
    for (let round = 0; round < 100; round++) {
      try {
        helper.share(memory.shared, work, { ...memory.operations, multiply });
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

  it("is not asked for work that is too little", () => {
    const memory = new WorkingMemory(10, 1);
    const work: Work = { ...smallest, count: 10, cost: 100 };
    expect(new SecondThread(1001).share(memory.shared, work, memory.operations)).toBe(false);
  });

  it("keeps no process alive, and ends with it", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { SecondThread } from "./src/engine/second-thread";
          import { WorkingMemory } from "./src/engine/working-memory";
          const helper = new SecondThread(0, 1e9);
          const memory = new WorkingMemory(10, 1, helper);
          const work = ${JSON.stringify(smallest)};
          const again = () => helper.share(memory.shared, work, memory.operations) ? console.log("shared") : setTimeout(again, 5);
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
