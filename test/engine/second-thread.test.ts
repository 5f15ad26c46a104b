import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { Memory } from "../../src/engine/memory";
import type { Work } from "../../src/engine/parts-of-work";
import { SecondThread } from "../../src/engine/second-thread";
import { plainLoops } from "../../src/matrix";
import { Random } from "../../src/random";
import { differs, firstDifference, inMemory, layouts, normal } from "./matrices";

/** A memory whose products are shared however small they are, once the second thread is ready. */
async function sharing(idle?: number) {
  const helper = new SecondThread(0, idle);
  const memory = new Memory(helper);
  await ready(helper, memory);
  return { helper, memory, product: inMemory(memory) };
}

/** Nothing that anyone would notice. */
const smallest: Work = {
  operation: "multiply",
  count: 0,
  args: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  steps: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  cost: 1,
};

const nothing = { multiply() {}, multiplyColumns() {}, multiplySparse() {} };

async function ready(helper: SecondThread, { shared }: Memory): Promise<void> {
  while (!helper.share(shared, smallest, nothing)) await sleep(5);
}

describe("a product on two threads gives the bits of the plain loops", () => {
  it.each(layouts)("for all sizes up to 20×20×20 (A transposed: %s, B transposed: %s)", async (ofA, ofB) => {
    const { product } = await sharing();
    for (let m = 1; m <= 20; m++) {
      for (let n = 1; n <= 20; n++) {
        for (let p = 1; p <= 20; p++) {
          if (differs(product, normal(m, n, ofA), normal(n, p, ofB)) >= 0) expect.fail(`${m}×${n} times ${n}×${p}`);
        }
      }
    }
  });

  it("for larger random sizes, again and again", async () => {
    const { product } = await sharing();
    const random = new Random(2);
    for (let round = 0; round < 24; round++) {
      const [m, n, p] = [random.integer(1, 150), random.integer(1, 900), random.integer(1, 300)];
      const [ofA, ofB] = layouts[round % 4];
      const [A, B] = [normal(m, n, ofA), normal(n, p, ofB)];
      for (let time = 0; time < 3; time++) {
        if (differs(product, A, B) >= 0) expect.fail(`${m}×${n} times ${n}×${p}`);
      }
    }
  });

  it("also where zeros are skipped", async () => {
    vi.resetModules();
    vi.stubEnv("BACKPROP_THREADS", "2");
    const { Matrix, scope } = await import("../../src");
    const { Random } = await import("../../src/random");
    const random = new Random(5);
    const A = random.normalMatrix(300, 400).map((x) => (random.uniform() < 0.7 ? 0 : x));
    const [B, C] = [random.normalMatrix(400, 50), random.normalMatrix(300, 60)];
    const expected = [Matrix.zeros(300, 50), Matrix.zeros(400, 60)];
    plainLoops.times(A, B, expected[0]);
    plainLoops.times(A.T, C, expected[1]);
    for (let round = 0; round < 30; round++) {
      const found = scope(() => {
        const [a, b, c] = [A.copy(), B.copy(), C.copy()];
        return [a.times(b), a.T.times(c)];
      });
      expect(found.map(({ data }, k) => firstDifference(data, expected[k].data))).toEqual([-1, -1]);
      if (round < 10) await sleep(20);
    }
    vi.unstubAllEnvs();
  });
});

describe("the second thread", () => {
  it("takes what the main thread has not begun, from the back", async () => {
    // C = A·B of which every entry is n, and so large an n that eight rows of C take milliseconds. A and B are one number.
    const [m, n, p] = [64, 1e6, 8];
    const { helper, memory } = await sharing();
    const [one, C] = [1, m * p].map((count) => memory.numbers(memory.take(count), count).fill(1));
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
      helper.share(memory.shared, work, { ...nothing, multiply });
      const [{ count, c }, ...more] = mine.length > 0 ? mine : [{ count: 0, c: C.byteOffset }];
      expect({ c, more }).toEqual({ c: C.byteOffset, more: [] });
      expect([...C]).toEqual(Array.from(C, (_, k) => (k < count * p ? 0 : n)));
    }
    expect(fromBack).toBe(true);
  });

  it("leaves nothing of interrupted work to the next", async () => {
    const [m, long, short, p] = [256, 512, 4, 64];
    const { helper, memory, product } = await sharing();
    const [a, b, c] = [m * long, long * p, m * p].map((count) => memory.take(count));
    const [aRow, bRow] = [8 * long, 8 * p];
    const work: Work = {
      operation: "multiply",
      count: m,
      args: [long, p, a, aRow, 8, b, bRow, 8, c, bRow, 0],
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
        helper.share(memory.shared, work, { ...nothing, multiply });
      } catch {
        interruptions++;
      }
      expect(differs(product, normal(m, short, false), normal(short, p, false))).toBe(-1);
    }
    expect(interruptions).toBeGreaterThan(0);
  });

  it("works in one memory after another", async () => {
    const helper = new SecondThread(0);
    const memories = [1, 2].map(() => new Memory(helper));
    for (let round = 0; round < 20; round++) {
      const memory = memories[round % 2];
      if (round % 4 > 1) await ready(helper, memory);
      expect(differs(inMemory(memory), normal(10, 10, false), normal(10, 10, true))).toBe(-1);
    }
  });

  it("ends when there is nothing to do, and starts again", async () => {
    const { helper, memory } = await sharing(1);
    for (let round = 0; round < 3; round++) {
      await sleep(50);
      await ready(helper, memory);
    }
  });

  it("is not asked for work that is too little", () => {
    const work: Work = { ...smallest, count: 10, cost: 100 };
    expect(new SecondThread(1001).share(new Memory().shared, work, nothing)).toBe(false);
  });

  it("keeps no process alive, and ends with it", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { SecondThread } from "./src/engine/second-thread";
          import { Memory } from "./src/engine/memory";
          const helper = new SecondThread(0, 1e9);
          const memory = new Memory(helper);
          const nothing = { multiply() {} };
          const work = ${JSON.stringify(smallest)};
          const again = () => helper.share(memory.shared, work, nothing) ? console.log("shared") : setTimeout(again, 5);
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
