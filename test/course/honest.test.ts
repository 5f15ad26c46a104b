import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StudentResult } from "../../src/course/grader/reports";
import { totalOf } from "../../src/course/grader/reports";
import { secretIn } from "../../src/course/grader/secret";
import { findSandbox } from "../../src/course/sandbox/sandbox";
import { Random } from "../../src/random";
import {
  filesBelow,
  graded,
  masters,
  message,
  notebookOf,
  realSandbox,
  scores,
  solutionText,
  temporaryFolder,
  writeFiles,
} from "./classroom";
import { root } from "./solutions";
import { variants } from "./variants";

const folder = temporaryFolder("honest");
const inside = join(folder, "in");
let students: Map<string, StudentResult>;
const rights = (assignment: string) =>
  Object.fromEntries(
    ["F1", "F2", "F3", "O1", "O2", "O3", "O4", "O5", "H1", "H2", "backward", "T1", "T2", "T3"]
      .filter((id) => {
        try {
          return solutionText(assignment, id) !== "";
        } catch {
          return false;
        }
      })
      .map((id) => [id, "right"]),
  );

beforeAll(async () => {
  for (const assignment of masters.keys()) {
    writeFiles(inside, { [`solved/${assignment}.ipynb`]: notebookOf(assignment, rights(assignment)) });
  }
  for (const [k, { assignment, id, code }] of variants.entries()) {
    writeFiles(inside, {
      [`v${k}/${assignment}.ipynb`]: notebookOf(assignment, {
        ...rights(assignment),
        ...(assignment === "train-it" && { T3: "" }),
        [id]: code,
      }),
    });
  }
  students = await graded(inside, join(folder, "out"), await realSandbox(folder));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("full marks for", () => {
  it.each(variants.map(({ id, exercises }, k) => ({ id, exercises, k })))(
    "another way to write $id",
    ({ exercises, k }) => {
      const student = students.get(`v${k}`);
      const own = student?.assignments[0].exercises.filter(({ id }) => exercises.includes(id)) ?? [];
      expect(own.length).toBe(exercises.length);
      for (const { id, score, points } of own) expect(score, message(student, id)).toBe(points);
    },
  );

  it("the instructor's solutions", () => {
    const solved = students.get("solved") as StudentResult;
    expect(solved.assignments.length).toBe(4);
    expect(totalOf(solved)).toEqual({ score: 85, points: 85 });
    expect(scores(solved).T3).toBe(8);
  });
});

describe("a second run", () => {
  const small = join(folder, "small");
  const arguments_ = (out: string) => [
    join(root, "src/setup/start.mjs"),
    "grade",
    small,
    "--out",
    out,
    "--secret",
    join(folder, "secret"),
    "--jobs",
    "1",
  ];
  /** Grades; kills it with SIGKILL as soon as so many files are there. */
  const run = (out: string, killAt?: number) =>
    new Promise<{ code: number | null; said: string }>((done) => {
      const child = spawn(process.execPath, arguments_(out), { cwd: root });
      let said = "";
      child.stderr.on("data", (data) => {
        said += data;
      });
      const watch = setInterval(() => {
        if (killAt !== undefined && filesIn(out).length >= killAt) child.kill("SIGKILL");
      }, 1);
      child.on("close", (code) => {
        clearInterval(watch);
        done({ code, said });
      });
    });
  const filesIn = (out: string) => (existsSync(out) ? readdirSync(out, { recursive: true }) : []) as string[];

  beforeAll(() => {
    for (const k of [0, 1, 2, 3]) cpSync(join(inside, `v${k}`), join(small, `v${k}`), { recursive: true });
  });

  const again = "gives the same bytes, also after being killed again and again, and grades only what is new";
  it(again, { tags: ["slow"], timeout: 900_000 }, async () => {
    // These are graded in no time, so that there is much to write.
    const empty = Array.from({ length: 40 }, (_, k) => [`e${k}/forward-pass.ipynb`, ""]);
    writeFiles(small, Object.fromEntries(empty));
    expect((await run(join(folder, "undisturbed"))).code).toBe(1); // the empty ones are not graded
    const undisturbed = filesBelow(join(folder, "undisturbed"));
    const all = filesIn(join(folder, "undisturbed")).length;
    const random = new Random(1);
    let killed = 0;
    for (const share of [0, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9].map((least) => least + 0.1 * random.uniform())) {
      const { code } = await run(join(folder, "killed"), Math.round(share * all));
      if (code === null) killed += 1;
      // What is there is there as a whole, but for drafts, which have names of their own.
      for (const [path, text] of Object.entries(filesBelow(join(folder, "killed")))) {
        if (!path.endsWith(".draft")) expect(text, path).toBe(undisturbed[path]);
      }
    }
    expect(killed).toBeGreaterThan(5);
    expect((await run(join(folder, "killed"))).code).toBe(1);
    expect(filesBelow(join(folder, "killed"))).toEqual(undisturbed);
    const kept = join(folder, "killed/.graded");
    const before = readdirSync(kept);
    writeFileSync(join(small, "v0/forward-pass.ipynb"), notebookOf("forward-pass", { F2: "right" }));
    expect((await run(join(folder, "killed"))).code).toBe(1);
    expect(readdirSync(kept).filter((name) => !before.includes(name)).length).toBe(1);
    expect(readdirSync(kept).length).toBe(before.length);
    expect(readFileSync(join(folder, "killed/grades.csv"), "utf8")).toMatch(/^v0,0,7,0,/m);
  });

  it("says in a sentence what can't be written, and what is missing", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const { code, said } = await run(join(folder, "a-file"));
    expect(code).toBe(1);
    expect(said).toMatch(/a-file.* can't be written|choose another place/i);
    expect(said).not.toMatch(/\n\s+at /);
  });
});

describe("the secret", () => {
  it("is made once, is the teacher's alone, and does not lie in the results", () => {
    const path = join(folder, "new/secret");
    const secret = secretIn(path, join(folder, "out"));
    expect(secret.length).toBeGreaterThan(30);
    expect(secretIn(path, join(folder, "out"))).toBe(secret);
    expect(() => secretIn(join(folder, "out/secret"), join(folder, "out"))).toThrow(/lies in/);
    expect(JSON.stringify(filesBelow(join(folder, "out")))).not.toContain("a secret of the tests");
  });
});

it("without a sandbox the grader refuses, and says what to do", () => {
  const { PATH } = process.env;
  process.env.PATH = "/nowhere";
  try {
    expect(() => findSandbox(join(folder, "harness.mjs"), false)).toThrow(/Install bubblewrap.*--unsafe/);
    expect(findSandbox(join(folder, "harness.mjs"), true).isolation).toBe("none");
  } finally {
    process.env.PATH = PATH;
  }
});
