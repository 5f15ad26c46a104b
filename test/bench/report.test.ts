import { expect, it } from "vitest";
import { type Figures, report, table } from "./report.mjs";

const size = { N: 32, D: 64, H: 32, C: 10 };
const one = { threads: 1, size };

const figures: Figures = {
  when: "2026-01-01T00:00:00.000Z",
  machine: { processor: "Abacus", cores: 2, memory: 8 * 2 ** 30, system: "Linux x64", node: "20.0.0", v8: "11" },
  nodes: { "this project": "24.1.0", "this project, Node 20": "20.0.0" },
  limits: {
    "this project": { lanes: 4, perSecond: [20e9, 30e9, 22e9] },
    "this project, Node 20": { lanes: 2, perSecond: [10e9, 11e9, 12e9] },
  },
};

it("a table has one line for its head, one below, and one for each row", () => {
  expect(table(["", "a", "b"], [["x", "1", "2"]])).toBe("|  | a | b |\n|---|---:|---:|\n| x | 1 | 2 |");
});

it("parts that were not measured are not reported", () => {
  expect(report(figures)).toBe(
    "Abacus, 2 cores, 8 GiB; Linux x64. The limit of WebAssembly's float64 SIMD on one core, measured: 22.0 GFLOP/s on Node 24.1.0, with 4 lanes; 11.0 GFLOP/s on Node 20.0.0, with 2 lanes.\n",
  );
});

it("steps are compared round by round: with peers on as many threads, with the best of all, and with the limit", () => {
  const S = [
    { name: "this project", precision: "float64", microseconds: [30, 300, 32], ...one },
    { name: "this project", precision: "float64", microseconds: [20, 200, 22], ...one, threads: 2 },
    { name: "this project, Node 20", precision: "float64", microseconds: [64, 64, 64], ...one },
    { name: "this project, plain loops", precision: "float64", microseconds: [1, 1, 1], ...one },
    { name: "NumPy", precision: "float64", microseconds: [60, 600, 64], ...one },
    { name: "NumPy", precision: "float64", microseconds: [5, 5, 5], ...one, threads: 2 },
    { name: "NumPy", precision: "float32", microseconds: [4, 4, 4], ...one },
    { name: "PyTorch", precision: "float64", microseconds: [90, 900, 96], ...one },
  ];
  const text = report({ ...figures, steps: { S } });
  expect(text).toContain("|  | S: 32×64-32-10, random |");
  expect(text).toContain("| this project, float64 | **32** |");
  expect(text).toContain("| this project, float64, 2 threads | **22** |");
  expect(text).toContain("| NumPy, float64 | 64 (0.50) |");
  expect(text).toContain("| NumPy, float64, 2 threads | 5 (4.40) |");
  // 2 · 32 · 32 · (2 · 64 + 3 · 10) operations in 32 µs on one core, and in 22 µs on two
  expect(text).toContain("| S | 10.1 | 46 % | NumPy (0.50) | NumPy, 2 threads (6.40) |");
  expect(text).toContain("| S, 2 threads | 14.7 | 33 % | NumPy (4.40) | NumPy, 2 threads (4.40) |");
  // on another Node, with that one's limit
  expect(text).toContain("| S, Node 20 | 5.1 | 46 % | NumPy (1.00) | NumPy, 2 threads (12.80) |");
  expect(text).toContain("| this project, Node 20, float64 | 64 (0.50) |");
  expect(text).toContain("JavaScript ran on Node 24.1.0 where no other is said.");
});

it("steps of this project on one thread only are compared with everyone", () => {
  const S = [
    { name: "this project", precision: "float64", microseconds: [30], ...one },
    { name: "NumPy", precision: "float64", microseconds: [5], ...one, threads: 2 },
  ];
  const text = report({ ...figures, steps: { S } });
  expect(text).toContain("| NumPy, float64, 2 threads | 5 (6.00) |");
  expect(text).toContain("| S | 10.8 | 49 % | – | NumPy, 2 threads (6.00) |");
});

it("a sweep has a row for each value, with time and memory", () => {
  const small = { ...size, N: 16 };
  const N = ["this project", "NumPy"].flatMap((name, n) =>
    [small, size].map((size, k) => ({
      ...{ name, precision: "float64", threads: 1, size },
      ...{ microseconds: [10 * n + 10 + k], bytes: (k + 1) * 2 ** 20 },
    })),
  );
  const text = report({ ...figures, sweeps: { N } });
  expect(text).toContain("How a step grows with N (D = 64, H = 32, C = 10)");
  expect(text).toContain("| N = 16 | 10 µs, 1 MiB | 20 µs, 1 MiB |\n| N = 32 | 11 µs, 2 MiB | 21 µs, 2 MiB |");
  // also as they are read from a file, each size an object of its own
  expect(report(JSON.parse(JSON.stringify({ ...figures, sweeps: { N } })))).toBe(text);
});

it("kernels are compared with stock tslab", () => {
  const times = () => ({ firstResult: [2], cell: [20], bytes: [2 ** 21], idleBytes: [2 ** 20], idleShare: [null] });
  const kernels = [
    {
      ...{ name: "this project's kernel", ready: [0.9], ...times() },
      ...{
        import: [0.25],
        importedBytes: [2 ** 22],
        importedIdleBytes: [3 * 2 ** 20],
        early: [null, 4],
        late: [null, 5],
      },
    },
    { name: "stock tslab", ready: [1.8], ...times() },
  ];
  expect(report({ ...figures, kernels })).toContain("Kernels, on Node 20.0.0; in brackets");
  expect(report({ ...figures, kernels })).toContain(
    "| this project's kernel | 0.90 s (0.50) | 2.00 s (1.00) | 20.0 ms (1.00) | 2 MiB | 1 MiB | – | 0.25 s | 4 MiB | 3 MiB | 4.0 ms | 5.0 ms |\n| stock tslab | 1.80 s | 2.00 s | 20.0 ms | 2 MiB | 1 MiB | – | – | – | – | – | – |",
  );
});

it("the notebooks are added up", () => {
  const notebooks = [
    { name: "01", seconds: [1, 3, 2] },
    { name: "02", seconds: [4] },
  ];
  expect(report({ ...figures, notebooks })).toContain("| 01 | 2.0 s |\n| 02 | 4.0 s |\n| all | 6.0 s |");
});

it("learning is told by its median over the seeds", () => {
  const run = (name: string, seed: number, seconds: number) => ({
    ...{ name, seed, seconds, precision: "float64", threads: 1 },
    ...{ task: "digits to 96 %", epochs: 4, accuracy: 0.97 },
  });
  const learning = [run("this project", 1, 1), run("this project", 2, 3), run("PyTorch", 1, 4), run("PyTorch", 2, 4)];
  const text = report({ ...figures, learning });
  expect(text).toContain("| digits to 96 %: this project, float64 | 2.00 s | 4 | 0.50 s | 2 |");
  expect(text).toContain("| digits to 96 %: PyTorch, float64 | 4.00 s (0.50) | 4 | 1.00 s | 2 |");
  expect(report({ ...figures, learning: [run("this project", 1, 0.08)] })).toContain(
    "float64 | 80.0 ms | 4 | 20.0 ms | 1 |",
  );
});
