/**
 * A class of submissions with one mistake each, or none: how many a minute, and what they are told.
 *
 * @module-tag slow
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verify } from "../../src/course";
import { exercises } from "../../src/course/exercises";
import type { Exercise } from "../../src/course/exercises/exercise";
import type { StudentResult } from "../../src/course/grader/reports";
import { gradeIdOf, type Notebook } from "../../src/course/notebook";
import { Random } from "../../src/random";
import { graded, notebookOf, ownCell, realSandbox, solutionText, temporaryFolder, writeFiles } from "./classroom";
import { functionsOf, instructorNotebooks, root } from "./solutions";
import { variants } from "./variants";

/** How many submissions; LOAD=300 makes it a class. */
const COUNT = Number(process.env.LOAD ?? 60);

/** The solution cells of each assignment that is drawn from. */
const solutionCells: Readonly<Record<string, readonly string[]>> = {
  "forward-pass": ["F1", "F2", "F3"],
  "output-layer": ["O1", "O2", "O3", "O4", "O5"],
  "hidden-layers": ["H1", "H2", "backward"],
  "train-it": ["T1", "T2"],
};

/** The registry's misconceptions as a text that a notebook can run: without oracles, and with the notebook's Matrix. */
async function misconceptionsAsText(): Promise<string> {
  const nothing =
    "const n = new Proxy(function () { return n; }, { get: (_, k) => (k === Symbol.toPrimitive ? () => 0 : n), getPrototypeOf: () => n }); module.exports = n;";
  const { outputFiles } = await build({
    stdin: {
      contents: `import { exercises } from "./src/course/exercises";
        import { misconceived } from "./test/course/misconceived";
        export const wrong = (id, part, mistake, solution) => {
          const exercise = exercises.find((e) => e.id === id);
          const { misconceptions } = exercise.parts.find(({ result }) => result.name === part);
          return misconceived(exercise, misconceptions.find((m) => m.id === mistake), solution);
        };`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "mistakes",
    plugins: [
      {
        name: "without-oracles",
        setup: (builder) => {
          builder.onResolve({ filter: /\/matrix$/ }, () => ({ path: "matrix", namespace: "stub" }));
          builder.onResolve(
            {
              filter:
                /(oracles|verification)\/|\/(verify|data|forward|backward|labels|random)$|equations\/situations$|^\.\/situations$|^node:/,
            },
            ({ path }) => ({ path, namespace: "stub" }),
          );
          builder.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({
            contents: path === "matrix" ? "module.exports = { Matrix };" : nothing,
          }));
        },
      },
    ],
  });
  return outputFiles[0].text;
}

/** What was put into a submission. */
interface Planted {
  readonly kind: "mistake" | "mutant" | "variant";
  readonly assignment: string;
  /** In words, for when it goes wrong. */
  readonly what: string;
  /** The exercises that lose their points by it. */
  readonly lost: readonly string[];
  /** The misconceptions of which one is to be named. */
  readonly named?: readonly string[];
  /** The solution cell in which it is, and what is written there. */
  readonly cell: string;
  readonly code: string;
}

const mistakes = exercises.flatMap((exercise) =>
  (exercise.parts ?? []).flatMap((part) =>
    part.misconceptions.map(({ id, twins = [], square }) => ({ exercise, part: part.result.name, id, twins, square })),
  ),
);

function cellOf({ id, functionName }: Exercise): string {
  return functionName === "backward" ? "backward" : id;
}

function plantedMistake(random: Random): Planted {
  const { exercise, part, id, twins, square } = mistakes[random.integer(0, mistakes.length - 1)];
  const { assignment, functionName } = exercise;
  const cell = cellOf(exercise);
  const right = solutionText(assignment, cell).replace(`function ${functionName}(`, "function rightOne(");
  // Where shapes make it stop, it stops for all exercises of that function.
  const lost = exercises.filter((e) => e.id === exercise.id || (square && e.functionName === functionName));
  return {
    kind: "mistake",
    assignment,
    what: `${exercise.id} ${part} ${id}`,
    lost: lost.map((e) => e.id),
    named: [id, ...twins],
    cell,
    code: `${right}\nfunction ${functionName}(...args: any[]): any { return mistakes.wrong("${exercise.id}", "${part}", "${id}", rightOne)(...args); }`,
  };
}

const SWAPS: Readonly<Record<string, string>> = {
  " + ": " - ",
  " - ": " + ",
  " * ": " / ",
  " / ": " * ",
  " > ": " <= ",
};
const quick = exercises.filter(({ parts }) => parts !== undefined);

/** The instructor's solution with one operator taken for another. What is lost by it, `verify` says on inputs of its own. */
function plantedMutant(random: Random): Planted {
  const { assignment, functionName, ...exercise } = quick[random.integer(0, quick.length - 1)];
  const cell = cellOf({ ...exercise, assignment, functionName });
  const text = solutionText(assignment, cell);
  const body = text.indexOf("{\n");
  const places = [...text.matchAll(/ [+\-*/>] /g)].filter(({ index }) => index > body);
  if (places.length === 0) return plantedMutant(random);
  const { 0: operator, index } = places[random.integer(0, places.length - 1)];
  const code = `${text.slice(0, index)}${SWAPS[operator]}${text.slice(index + operator.length)}`;
  const notebook = instructorNotebooks.get(assignment) as Notebook;
  const cells = notebook.cells.map((c) => (gradeIdOf(c) === `${cell}-solution` ? { ...c, source: code } : c));
  const mutant = functionsOf({ ...notebook, cells })[functionName];
  const own = quick.filter((e) => e.functionName === functionName);
  const lost = own.filter((e) => !verify(e, mutant).passed).map((e) => e.id);
  const line = text.slice(0, index).split("\n").length;
  return { kind: "mutant", assignment, what: `${cell}, line ${line}:${operator}`, lost, cell, code };
}

function plantedVariant(random: Random): Planted {
  const { assignment, id, code } = variants[random.integer(0, variants.length - 1)];
  return { kind: "variant", assignment, what: id, lost: [], cell: id, code };
}

/** Of ten submissions six have a mistake with a name, two are mutants, and two are right in another way. */
const drawn = [
  ...Array(6).fill(plantedMistake),
  ...Array(2).fill(plantedMutant),
  ...Array(2).fill(plantedVariant),
] as ((random: Random) => Planted)[];

const folder = temporaryFolder("load");
const planted: Planted[] = [];
let students: Map<string, StudentResult>;
/** When each submission was done, in seconds from the begin. */
const times: number[] = [];
/** The most resident memory of this process, of one that compiles and of one in the sandbox, in MB. */
const most = { grader: 0, "compiler.cjs": 0, "harness.mjs": 0 };

beforeAll(async () => {
  const library = ownCell(
    `const mistakes: any = new Function("Matrix", ${JSON.stringify(`${await misconceptionsAsText()}\nreturn mistakes;`)})(Matrix);`,
  );
  const random = new Random(1);
  for (let k = 0; k < COUNT; k++) {
    const one = drawn[random.integer(0, drawn.length - 1)](random);
    const answers = Object.fromEntries(
      solutionCells[one.assignment].map((name) => [name, name === one.cell ? one.code : "right"]),
    );
    const text = notebookOf(one.assignment, answers, (cells) => (one.kind === "mistake" ? [...cells, library] : cells));
    writeFiles(join(folder, "in"), { [`s${k}/${one.assignment}.ipynb`]: text });
    planted.push(one);
  }
  const sandbox = await realSandbox(folder);
  const watch = setInterval(() => measure(process.pid), 100);
  const started = performance.now();
  students = await graded(join(folder, "in"), join(folder, "out"), sandbox, () => {
    times.push((performance.now() - started) / 1000);
  });
  clearInterval(watch);
}, 3_600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Notes the memory of a process and of all that it has started. */
function measure(pid: number): void {
  try {
    const megabytes = (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 2 ** 20;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    const what = (["compiler.cjs", "harness.mjs"] as const).find((name) => command.includes(name));
    if (pid === process.pid) most.grader = Math.max(most.grader, megabytes);
    else if (what !== undefined) most[what] = Math.max(most[what], megabytes);
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean),
    );
    for (const child of children) measure(Number(child));
  } catch {
    // It has just ended, or there is no /proc.
  }
}

/** How well points (x, y) lie on a line: the line's slope, and the share of the spread that it explains. */
function lineThrough(xs: readonly number[], ys: readonly number[]): { slope: number; share: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const sxy = mean(xs.map((x, k) => (x - mx) * (ys[k] - my)));
  const sxx = mean(xs.map((x) => (x - mx) ** 2));
  return { slope: sxy / sxx, share: sxy ** 2 / sxx / mean(ys.map((y) => (y - my) ** 2)) };
}

const kept = (kind: Planted["kind"]) => [...planted.entries()].filter(([, one]) => one.kind === kind);
const resultsOf = (k: number) => students.get(`s${k}`)?.assignments[0].exercises ?? [];

describe(`${COUNT} submissions`, () => {
  it("are told of: how many a minute, how much memory, and whether time grows with their number", () => {
    expect(times.length).toBe(COUNT);
    const seconds = times[COUNT - 1];
    const { slope, share } = lineThrough([...times.keys()], times);
    const quarter = Math.floor(COUNT / 4);
    const paces = [0, 1, 2, 3].map((q) => (times[(q + 1) * quarter - 1] - (times[q * quarter - 1] ?? 0)) / quarter);
    const memory = Object.entries(most).map(([what, megabytes]) => `${what} ${megabytes.toFixed(0)} MB`);
    console.log(
      [
        `${COUNT} submissions in ${seconds.toFixed(1)} s: ${((60 * COUNT) / seconds).toFixed(0)} a minute, ${((2 * seconds) / COUNT).toFixed(2)} s each with two workers`,
        `time grows by ${slope.toFixed(3)} s a submission; a line explains ${(100 * share).toFixed(2)} % of it; by quarters ${paces.map((p) => p.toFixed(3)).join(", ")} s`,
        `most memory: ${memory.join(", ")}`,
      ].join("\n"),
    );
  });

  it("with a mistake have it named at least 95 times in 100", () => {
    const own = kept("mistake");
    const missed = own.filter(([k, { lost, named }]) => {
      const told = resultsOf(k).filter(({ id }) => lost.includes(id));
      return !told.some(({ misconception }) => named?.includes(misconception?.id ?? ""));
    });
    expect(own.length).toBeGreaterThan(COUNT / 3);
    expect(missed.length, missed.map(([, { what }]) => what).join("\n")).toBeLessThanOrEqual(0.05 * own.length);
  });

  it.each(["mistake", "mutant", "variant"] as const)("with a %s lose the points of what is wrong alone", (kind) => {
    const own = kept(kind);
    expect(own.length).toBeGreaterThan(0);
    for (const [k, { lost, what }] of own) {
      const without = resultsOf(k).filter(({ id, score, points }) => score < points && id !== "T3");
      expect(
        without.map(({ id }) => id),
        what,
      ).toEqual(lost);
    }
  });
});
