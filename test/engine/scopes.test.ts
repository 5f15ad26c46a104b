import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { engine } from "../../src/engine/engine";
import { Matrix, plainLoops, scope, Transpose, useEngine } from "../../src/matrix";
import { Random } from "../../src/random";
import { firstDifference } from "./matrices";

beforeEach(() => useEngine(engine));
afterEach(() => useEngine(plainLoops));

const A = Matrix.fromRows([
  [1, 2, 3],
  [4, 5, 6],
]);
const doubled = [
  [2, 4, 6],
  [8, 10, 12],
];

/** What is not returned, and how it is kept all the same. */
function afterTheEnd<T>(make: () => T): T {
  let kept: T | undefined;
  scope(() => {
    kept = make();
  });
  return kept as T;
}

describe("a scope", () => {
  it("returns what work returns: a number, nothing, a matrix made before", () => {
    expect(scope(() => 5)).toBe(5);
    expect(scope(() => {})).toBeUndefined();
    expect(scope(() => A)).toBe(A);
  });

  it("returns matrices as ordinary ones, also in arrays, plain objects and views, also where they contain themselves", () => {
    const result = scope(() => {
      const [B, C] = [A.plus(A), A.scale(3)];
      const found = { B, list: [C, { again: B }], view: A.minus(A).T, itself: undefined as unknown, text: "x" };
      found.itself = found;
      return found;
    });
    expect(result.B.toRows()).toEqual(doubled);
    expect(result.B.data).toBeInstanceOf(Float64Array);
    expect(result.B.data.buffer).toBeInstanceOf(ArrayBuffer);
    expect((result.list[0] as Matrix).toRows()).toEqual(A.scale(3).toRows());
    expect((result.list[1] as { again: Matrix }).again).toBe(result.B);
    expect(result.view).toBeInstanceOf(Transpose);
    expect(result.view.toRows()).toEqual(Matrix.zeros(3, 2).toRows());
    expect(result.itself).toBe(result);
    // The memory is used for other things.
    for (let k = 0; k < 10; k++) scope(() => A.map(() => Number.NaN));
    expect(result.B.toRows()).toEqual(doubled);
  });

  it("leaves any other matrix unusable, and it says why in every way of using it", () => {
    const B = afterTheEnd(() => A.plus(A));
    const sentence =
      "Matrix: this 2×3 matrix was made in a scope that has ended, and its memory is given back. Have the scope's work return it, or look at its data in the scope";
    for (const use of [
      () => B.data,
      () => B.get(0, 0),
      () => B.set(0, 0, 1),
      () => B.toRows(),
      () => B.toString(),
      () => B.plus(A),
      () => A.plus(B),
      () => A.T.times(B),
      () => B.T.times(A),
      () => B.exp(),
      () => B.columnSums(),
      () => B.sum(),
      () => B.norm(),
      () => B.isFinite(),
      () => B.map((x) => x),
      () => B.copy(),
      () => B.T.toMatrix(),
      () => scope(() => B.plus(A)),
    ]) {
      expect(use).toThrow(sentence);
    }
    expect([B.shape, Matrix.isMatrix(B)]).toEqual(["2×3", true]);
  });

  it("keeps a matrix whose data was looked at, what was written there, and what was kept of it", () => {
    const seen = afterTheEnd(() => {
      const B = A.plus(A);
      const { data } = B;
      data[0] = 100;
      expect(B.plus(A).get(0, 0)).toBe(101);
      B.set(1, 2, -1);
      expect(data[5]).toBe(-1);
      expect(B.sum()).toBe(100 + 4 + 6 + 8 + 10 - 1);
      return { B, data };
    });
    expect(seen.B.data).toBe(seen.data);
    expect([...seen.data]).toEqual([100, 4, 6, 8, 10, -1]);
  });

  it("sees what is written into an ordinary matrix between two operations", () => {
    const B = A.copy();
    const sums = scope(() => {
      const before = B.times(B.T).sum();
      B.data[0] = 10;
      return [before, B.times(B.T).sum(), B.plus(B).sum()];
    });
    expect(sums[0]).not.toBe(sums[1]);
    expect(sums[2]).toBe(2 * (10 + 2 + 3 + 4 + 5 + 6));
  });

  it("in a scope gives its result to the outer one, where it lasts as long as that one", () => {
    let inner: Matrix | undefined;
    const outer = scope(() => {
      const B = scope(() => {
        const unused = A.scale(7);
        return scope(() => unused.minus(A.scale(5)));
      });
      for (let k = 0; k < 10; k++) scope(() => A.map(() => Number.NaN));
      inner = B;
      return B.plus(Matrix.zeros(2, 3));
    });
    expect(outer.toRows()).toEqual(doubled);
    expect(() => inner?.data).toThrow("was made in a scope that has ended");
  });

  it("gives back the state that it is handed, unless it is returned", () => {
    scope(() => {
      const [first, second] = [A.scale(2), A.scale(3)];
      const result = scope((state) => ({ kept: state.first, sum: state.first.plus(state.second) }), { first, second });
      expect(result.kept).toBe(first);
      expect(result.sum.toRows()).toEqual(A.scale(5).toRows());
      expect(() => second.data).toThrow("was made in a scope that has ended");
    });
    expect(scope((state) => state.plus(A), A).toRows()).toEqual(doubled);
    expect(A.get(0, 0)).toBe(1);
  });

  it("ends also where work throws, and leaves the state as it was", () => {
    let inside: Matrix | undefined;
    scope(() => {
      const state = A.plus(A);
      const failing = () =>
        scope((given: Matrix) => {
          inside = given.plus(A);
          throw new Error("no");
        }, state);
      expect(failing).toThrow("no");
      expect(state.toRows()).toEqual(doubled);
      expect(() => inside?.data).toThrow("was made in a scope that has ended");
    });
    // No scope is open: this is an ordinary matrix.
    expect(Object.keys(A.plus(A))).toEqual(["rows", "cols", "data"]);
  });

  it("refuses work that is no function, and a promise, whose failure nobody has to catch", async () => {
    expect(() => scope(5 as never)).toThrow(new TypeError("scope: work is a number; expected a function"));
    const later = async () => {
      await null;
      throw new Error("nobody waits");
    };
    expect(() => scope(later)).toThrow(
      new TypeError("scope: work returned a promise; a scope ends when work returns, so await before or after it"),
    );
    expect(Object.keys(A.plus(A))).toEqual(["rows", "cols", "data"]);
    await new Promise((resume) => setTimeout(resume, 5));
  });

  it("that an interrupt has left open is ended before anything else runs", async () => {
    // As where a signal stops all that runs: neither `catch` nor `finally` is reached.
    const vm = await import("node:vm");
    const context = vm.createContext({ scope, A, kept: undefined });
    const code = "scope(() => { kept = A.plus(A); for (;;); })";
    expect(() => vm.runInContext(code, context, { timeout: 1000 })).toThrow("timed out");
    await null;
    await null;
    expect(() => (context.kept as Matrix).data).toThrow("was made in a scope that has ended");
    expect(Object.keys(A.plus(A))).toEqual(["rows", "cols", "data"]);
  });
});

describe("a scope's matrix is a matrix like any other", () => {
  it("to Vitest", () => {
    const [ordinary, other] = [A.plus(A), A.plus(A.plus(A))];
    scope(() => {
      expect(A.plus(A)).toEqual(ordinary);
      expect(ordinary).toEqual(A.plus(A));
      expect(A.plus(A)).toStrictEqual(ordinary);
      expect(A.plus(A)).toEqual(A.plus(A));
      expect(A.plus(A)).not.toEqual(A.plus(A.plus(A)));
      expect(A.plus(A)).not.toEqual(other);
      expect({ list: [A.plus(A)] }).toEqual({ list: [ordinary] });
      expect({ list: [A.plus(A)] }).not.toEqual({ list: [other] });
    });
    expect(scope(() => A.plus(A))).toStrictEqual(ordinary);
    expect(scope(() => A.plus(A))).not.toEqual(other);
  });

  it("to instanceof and isMatrix", () => {
    scope(() => {
      expect(A.plus(A)).toBeInstanceOf(Matrix);
      expect(Matrix.isMatrix(A.plus(A))).toBe(true);
      expect(A.plus(A).T).toBeInstanceOf(Transpose);
    });
  });

  it("to JSON, and to structuredClone once its data was looked at or it is returned", () => {
    const [returned, ordinary] = [scope(() => A.plus(A)), A.plus(A)];
    expect(structuredClone(returned)).toEqual(structuredClone(ordinary));
    expect(JSON.stringify(returned)).toBe(JSON.stringify(ordinary));
    scope(() => {
      const inside = A.plus(A);
      expect(() => structuredClone(inside)).toThrow("A matrix in a scope, whose data nobody has looked at yet");
      expect(JSON.stringify(inside)).toBe(JSON.stringify(ordinary));
      expect(structuredClone(inside)).toEqual(structuredClone(ordinary));
    });
  });

  it("to matrices of a module that was loaded anew", async () => {
    vi.resetModules();
    const reloaded = await import("../../src/matrix");
    const { engine: newer } = await import("../../src/engine/engine");
    reloaded.useEngine(newer);
    const B = reloaded.Matrix.fromRows(A.toRows());
    reloaded.scope(() => {
      expect(B.plus(A).toRows()).toEqual(doubled);
      expect(B.T.times(A).toRows()).toEqual(A.T.times(A).toRows());
      expect(
        B.copy()
          .times(A.T as never)
          .toRows(),
      ).toEqual(A.times(A.T).toRows());
      // An older scope's matrix in a newer scope, and the other way round.
      scope(() => {
        expect(B.plus(A.plus(A)).toRows()).toEqual(A.scale(3).toRows());
        expect(A.plus(A).plus(B.plus(B)).toRows()).toEqual(A.scale(4).toRows());
      });
    });
  });
});

describe("memory", () => {
  it("of 10,000 steps, each in a scope, is that of 100, in one synchronous loop", () => {
    const W = new Random(1).normalMatrix(64, 64);
    const run = (steps: number) =>
      scope(() => {
        let current = W;
        for (let k = 0; k < steps; k++)
          current = scope((given) => given.scale(0.5).plus(W).times(W).scale(0.01), current);
        return current;
      });
    run(100);
    const before = process.memoryUsage.rss();
    run(10_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
  });

  it("that is not there makes ordinary matrices of a scope's", async () => {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: new (options: object) => object } };
    const Small = new Proxy(WebAssembly.Memory, {
      construct: (target, [options]) => new target({ ...options, maximum: options.initial }),
    });
    vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Memory: Small }));
    vi.resetModules();
    const { Matrix, scope } = await import("../../src");
    const row = Matrix.generate(1, 300, () => 1);
    const kinds = scope(() => {
      const parts = Array.from({ length: 10 }, (_, k) => Matrix.zeros(300, 300).plusRow(row.scale(k)));
      expect(parts.map((part) => part.scale(2).times(part).get(299, 0))).toEqual(parts.map((_, k) => 600 * k * k));
      return new Set(parts.map((part) => "inside" in part));
    });
    expect([...kinds]).toEqual([true, false]);
    vi.unstubAllGlobals();
  });
});

describe("every operation gives the bits of the plain loops", () => {
  const random = new Random(7);
  const special = [
    0,
    -0,
    1,
    -1,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    5e-324,
    1e308,
    -750,
    -1e-9,
  ];
  const numbers = (rows: number, cols: number) =>
    Matrix.generate(rows, cols, () => (random.uniform() < 0.1 ? special[random.integer(0, 10)] : 3 * random.normal()));

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 33])("in matrices of %d columns", (cols) => {
    for (const rows of [1, 2, 3, 4, 5, 8, 31]) {
      const [A, B, row, column] = [numbers(rows, cols), numbers(rows, cols), numbers(1, cols), numbers(rows, 1)];
      const finite = A.map((x) => (Number.isFinite(x) ? x : 2));
      const results = () =>
        scope(() => {
          // Both where the numbers are inside and where they are not.
          const all = [
            [A, B, row, column, finite],
            [A.copy(), B.copy(), row.copy(), column.copy(), finite.copy()],
          ].map(([A, B, row, column, finite]) => [
            ...[A.plus(B), A.minus(B), A.hadamard(B), A.plusRow(row), A.minusColumn(column), A.overColumn(column)],
            ...[
              A.scale(-1.5),
              A.maximum(0),
              A.maximum(-0.3),
              A.greater(0),
              A.greater(0.7),
              A.exp(),
              A.minusColumn(A.rowMaxima()).exp(),
            ],
            ...[A.log(), A.columnSums(), A.rowSums(), A.rowMaxima(), A.row(rows - 1), A.takeRows([0, rows - 1, 0])],
            ...[A.times(B.T), A.T.times(B), A.T.toMatrix(), A.copy()],
            ...[A.sum(), A.norm(), finite.norm(), finite.sum(), Number(A.isFinite()), Number(finite.isFinite())],
          ]);
          expect(all[1].map(bits)).toEqual(all[0].map(bits));
          return all[0];
        });
      const fast = results();
      useEngine(plainLoops);
      const plain = results();
      useEngine(engine);
      expect(fast.map((result, k) => firstDifference(bits(result), bits(plain[k])))).toEqual(fast.map(() => -1));
    }
  });

  it("in products of matrices with many zeros, which are skipped, unless the other side is not finite", () => {
    for (const [m, n, p] of [
      [40, 50, 30],
      [130, 70, 16],
      [300, 20, 65],
    ]) {
      const A = random.normalMatrix(m, n).map((x) => (random.uniform() < 0.8 ? 0 : x));
      for (const entry of [1, Number.NaN, Number.POSITIVE_INFINITY]) {
        const [B, C] = [random.normalMatrix(n, p), random.normalMatrix(m, p)];
        for (const M of [B, C]) M.data[3] = entry;
        const products = () => scope(() => [A.copy()].flatMap((A) => [A.times(B.copy()), A.T.times(C.copy())]));
        const fast = products();
        useEngine(plainLoops);
        const plain = products();
        useEngine(engine);
        for (const [k, { data }] of fast.entries()) expect(firstDifference(data, plain[k].data)).toBe(-1);
      }
    }
  });
});

function bits(value: Matrix | number): Float64Array {
  return typeof value === "number" ? Float64Array.of(value) : value.data;
}
