import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Random } from "../../src/random";
import { converse } from "./conversation.mjs";
import { readDigits, readProblem, writeProblem } from "./problem.mjs";

const folder = mkdtempSync(join(tmpdir(), "bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The benchmark, as `npm run bench` runs it once the project is set up. */
function bench(...args: string[]) {
  const script = `import { main } from "./test/bench/run.mjs";
    import { argumentsOf } from "./src/setup/arguments.mjs";
    import { project } from "./src/setup/project.mjs";
    import { Problem } from "./src/setup/problem.mjs";
    main(argumentsOf("bench", ${JSON.stringify(args)}), project).catch((error) => {
      console.error(error instanceof Problem ? error.message : error);
      process.exitCode = 1;
    });`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
}

it("measures, prints tables and writes the figures, without peers", () => {
  const file = join(folder, "figures.json");
  const { status, stdout, stderr } = bench("--quick", "--no-peers", "--only", "steps,sweeps,learning", "--json", file);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("| this project, float64 | **");
  const figures = JSON.parse(readFileSync(file, "utf8"));
  expect(figures.machine.node).toBe(process.versions.node);
  expect(figures.steps.S.map(({ threads }: { threads: number }) => threads)).toEqual([1, 2, 1, 1, 1]);
  expect(figures.steps.S.map(({ name }: { name: string }) => name)).toEqual([
    "this project",
    "this project",
    "this project, the functions in a loop",
    "this project, the functions in a scope",
    "this project, plain loops",
  ]);
  for (const { microseconds } of [...figures.steps.S, ...figures.sweeps.N]) expect(microseconds[0]).toBeGreaterThan(0);
  expect(figures.nodes).toEqual({ "this project": process.versions.node });
  expect(figures.limits["this project"].perSecond[0]).toBeGreaterThan(1e8);
  expect(figures.learning[0]).toMatchObject({ name: "this project", task: "digits to 96 %", seed: 1 });
  expect(figures.learning[0].accuracy).toBeGreaterThan(0.96);
});

it("says what it can measure when it is asked for something else", () => {
  const { status, stderr } = bench("--only", "nonsense");
  expect(status).toBe(1);
  expect(stderr).toContain("there is no part nonsense; expected some of steps,sweeps,");
});

it("a problem is read as it was written", () => {
  const file = join(folder, "problem.bin");
  const size = { N: 3, D: 4, H: 5, C: 2 };
  const digits = readDigits(process.cwd());
  writeProblem(size, file, new Random(1), digits);
  const { X, Y, W1, b1, W2, b2 } = readProblem({ ...size, learningRate: 0.1, file });
  expect([X, Y, W1, b1, W2, b2].map((numbers) => numbers.length)).toEqual([12, 6, 20, 5, 10, 2]);
  expect(new Set(X).size).toBe(12);
  expect([0, 1, 2].map((i) => Y[2 * i] + Y[2 * i + 1])).toEqual([1, 1, 1]);
  expect([...b1, ...b2]).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

it("a problem of the digits has their pixels, of which half are 0, and their labels", () => {
  const file = join(folder, "digits.bin");
  const size = { N: 1797, D: 64, H: 3, C: 10, inputs: "digits" } as const;
  const digits = readDigits(process.cwd());
  writeProblem(size, file, new Random(1), digits);
  const { X, Y } = readProblem({ ...size, learningRate: 0.1, file });
  expect(X.filter((x) => x === 0).length / X.length).toBeCloseTo(0.5, 1);
  expect(Math.max(...X)).toBe(1);
  const labels = Array.from({ length: 1797 }, (_, i) => Y.subarray(10 * i, 10 * i + 10).indexOf(1));
  expect(labels).toEqual(digits.labels);
});

it("a contestant that fails is named, with what it said", async () => {
  const command = [process.execPath, "--eval", 'console.error("no matrices today"); process.exit(3)'];
  await expect(converse("Somebody", command, process.env).ask({ do: "load" })).rejects.toThrow(
    "Somebody ended: no matrices today",
  );
});

it("a contestant that is not there is named, too", async () => {
  const nobody = converse("Nobody", [join(folder, "nobody")], process.env);
  await expect(nobody.ask({ do: "load" })).rejects.toThrow(/^Nobody ended: .*ENOENT/);
});
