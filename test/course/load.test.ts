import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exercises } from "../../src/course/exercises";
import type { StudentResult } from "../../src/course/grader/reports";
import { Random } from "../../src/random";
import { graded, notebookOf, ownCell, realSandbox, solutionText, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

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

const all = exercises.flatMap((exercise) =>
  (exercise.parts ?? []).flatMap((part) =>
    part.misconceptions.map(({ id, twins = [], square }) => ({
      exercise,
      part: part.result.name,
      id,
      twins,
      square,
    })),
  ),
);

const folder = temporaryFolder("load");
const planted: (typeof all)[number][] = [];
let students: Map<string, StudentResult>;
let seconds: number;

beforeAll(async () => {
  const text = await misconceptionsAsText();
  const random = new Random(1);
  for (let k = 0; k < COUNT; k++) {
    const mistake = all[random.integer(0, all.length - 1)];
    const { exercise, part, id } = mistake;
    const { assignment, functionName } = exercise;
    const cell = functionName === "backward" ? "backward" : exercise.id;
    const right = solutionText(assignment, cell).replace(`function ${functionName}(`, "function rightOne(");
    const code = `${right}\nfunction ${functionName}(...args: any[]): any { return mistakes.wrong("${exercise.id}", "${part}", "${id}", rightOne)(...args); }`;
    const answers = Object.fromEntries(solutionCells[assignment].map((name) => [name, name === cell ? code : "right"]));
    const library = ownCell(
      `const mistakes: any = new Function("Matrix", ${JSON.stringify(`${text}\nreturn mistakes;`)})(Matrix);`,
    );
    const notebook = notebookOf(assignment, answers, (cells) => [...cells, library]);
    writeFiles(join(folder, "in"), { [`s${k}/${assignment}.ipynb`]: notebook });
    planted.push(mistake);
  }
  const sandbox = await realSandbox(folder);
  const started = performance.now();
  students = await graded(join(folder, "in"), join(folder, "out"), sandbox);
  seconds = (performance.now() - started) / 1000;
}, 1_200_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`${COUNT} submissions with a mistake each`, () => {
  test("cost at most 2 s each, with two at a time", () => {
    console.log(`${COUNT} submissions in ${seconds.toFixed(1)} s: ${((60 * COUNT) / seconds).toFixed(0)} a minute`);
    expect((2 * seconds) / COUNT).toBeLessThan(2);
  });

  test("have their mistake named at least 95 times in 100", () => {
    const missed = planted.filter(({ exercise, id, twins }, k) => {
      const result = students.get(`s${k}`)?.assignments[0].exercises.find((e) => e.id === exercise.id);
      const named = result?.misconception?.id ?? "";
      return named !== id && !twins.includes(named);
    });
    const told = missed.map(({ exercise, part, id }) => `${exercise.id} ${part} ${id}`);
    expect(told.length, told.join("\n")).toBeLessThanOrEqual(0.05 * COUNT);
  });

  test("lose the points of that exercise alone, or of that function if shapes make it stop", () => {
    for (const [k, { exercise, id, square }] of planted.entries()) {
      const own = students.get(`s${k}`)?.assignments[0].exercises ?? [];
      const lost = own
        .filter(({ id: name, score, points }) => score < points && name !== "T3")
        .map(({ id: name }) => name);
      expect(lost, `${exercise.id} ${id}`).toEqual(
        exercises
          .filter((e) => e.id === exercise.id || (square && e.functionName === exercise.functionName))
          .map((e) => e.id),
      );
    }
  });
});
