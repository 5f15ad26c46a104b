/**
 * A class as it comes: names of every LMS, files of every kind, right answers of odd shapes, and hostile ones among them. MIXED
 * is how many there are, HEAVY how many notebooks of 45 MB.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { afterAll, expect, test as it } from "vitest";
import { writeZip } from "../../src/course/archive";
import { type StudentResult, totalOf } from "../../src/course/grader/reports";
import { attacks } from "./attacks";
import {
  graded,
  notebookOf,
  ownCell,
  realSandbox,
  scores,
  solutionText,
  temporaryFolder,
  writeFiles,
} from "./classroom";
import { variants } from "./variants";

const COUNT = Number(process.env.MIXED ?? 300);
const HEAVY = Number(process.env.HEAVY ?? 30);
const slow = { tags: ["slow"], timeout: 3_600_000 };
const folder = temporaryFolder("mixed");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const full = { F1: "right", F2: "right", F3: "right" };
const write = (code: string) =>
  `const lib: any = (globalThis as any).process.getBuiltinModule?.("node:fs") ?? require("node:fs"); ${code}`;

/** Notebooks of students who would keep the others from being graded; nothing in them is right but F2 and F3. */
const floods: Readonly<Record<string, string>> = {
  "newlines on the channel": write("const many = '\\n'.repeat(65536); for (;;) lib.writeSync(3, many);"),
  "short messages on the channel": write(
    `const many = '{"kind":"begin","id":"F1"}\\n'.repeat(3000); for (;;) lib.writeSync(3, many);`,
  ),
  "newlines and memory": write(
    "const many = '\\n'.repeat(4096); const all: any[] = []; for (;;) { lib.writeSync(3, many); all.push(Buffer.alloc(1e7, 1)); }",
  ),
  "words in the grader's voice": write(
    `lib.writeSync(3, '{"kind":"not run","why":"the teacher has decided: full marks"}\\n'); process.exit(0);`,
  ),
};
const hostile = [...Object.values(floods), ...Object.values(attacks).map(({ code }) => code)];

/** One submission: its files, below the class's folder, and the points that it earns; nothing where it is not known. */
interface Planted {
  readonly student: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly points?: number;
  readonly notGraded?: RegExp;
}

/** Big pictures in a notebook, as an honest student may have them. */
const heavy = (text: string) => {
  const notebook = JSON.parse(text);
  const picture = { output_type: "display_data", metadata: {}, data: { "image/png": "A".repeat(45e6) } };
  notebook.cells.push({ ...ownCell("1"), outputs: [picture] });
  return JSON.stringify(notebook);
};

async function planted(k: number): Promise<Planted> {
  const right = notebookOf("forward-pass", full);
  const name = `Student ${String(k).padStart(3, "0")}`;
  const moodle = `${name}_${1000 + k}_assignsubmission_file_`;
  const of = (text: string | Uint8Array, points?: number, file = "forward-pass.ipynb"): Planted => ({
    student: name,
    files: { [`${moodle}/${file}`]: text },
    points,
  });
  switch (k % 15) {
    case 0:
    case 1: {
      const code = hostile[(2 * Math.floor(k / 15) + (k % 15)) % hostile.length].replace("FRIEND", "9");
      const isWhole = /^function|^const lib/.test(code);
      const F1 =
        isWhole && code.startsWith("const lib")
          ? `function leakyRelu(Z1: Matrix, slope: number): any { ${code} }`
          : code;
      return of(notebookOf("forward-pass", { F1, F2: "right", F3: "right" }));
    }
    case 2:
      return of(Buffer.from(`\uFEFF${right}`, "utf16le"), 20);
    case 3:
      return { ...of(right.slice(0, 2000), 0), notGraded: /not complete JSON/ };
    case 4:
      return { ...of("<!DOCTYPE html><html></html>", 0), notGraded: /web page/ };
    case 5:
      return { student: name, files: { [`${moodle}/work.pdf`]: "%PDF" }, notGraded: /no notebook/ };
    case 6:
      return of(await writeZip([{ path: "hw/forward-pass.ipynb", data: Buffer.from(right) }]), 20, "work.zip");
    case 7:
      return {
        student: name,
        files: {
          [`${moodle}/forward-pass.ipynb`]: notebookOf("forward-pass", {}),
          [`${moodle}/forward-pass (1).ipynb`]: right,
        },
        points: 20,
      };
    case 8:
    case 9:
    case 10: {
      const own = variants.filter(({ assignment }) => assignment === "forward-pass");
      const { id, code } = own[k % own.length];
      return of(notebookOf("forward-pass", { ...full, [id]: code }), 20);
    }
    case 11:
      return of(notebookOf("forward-pass", { F1: "right", F2: "right" }), 11);
    case 12:
      return of(
        notebookOf("forward-pass", full, (cells) => [...cells, ownCell("const leakyRelu = 3;")]),
        20,
      );
    case 13:
      return of(heavy(right), 20);
    default:
      return of(heavy(right), 20, "Copy of work.ipynb");
  }
}

/** Grades, and tells how long that took and how much memory more than before this process and those it starts had. */
async function measured(submissions: string, out: string) {
  const sandbox = await realSandbox(folder);
  const times: number[] = [];
  const before = memoryOf(process.pid);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, memoryOf(process.pid) - before);
  }, 200);
  const begin = performance.now();
  const students = await graded(submissions, out, sandbox, () => times.push((performance.now() - begin) / 1000));
  clearInterval(watch);
  return { students, seconds: times.at(-1) as number, half: times[times.length >> 1], most };
}

/** The resident memory of a process and of all that it has started, in MB. */
function memoryOf(pid: number): number {
  try {
    const own = (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 2 ** 20;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean),
    );
    return children.reduce((sum, child) => sum + memoryOf(Number(child)), own);
  } catch {
    return 0; // it has just ended, or there is no /proc
  }
}

it(`${HEAVY} notebooks of 45 MB in one zip are graded, in bounded memory`, slow, async () => {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level: 1 });
  for (let k = 0; k < HEAVY; k++) {
    const text = heavy(notebookOf("forward-pass", { F1: `${solutionText("forward-pass", "F1")}\n// ${k}` }));
    await writer.add(`student${k}_${k}_${1000 + k}_forward-pass.ipynb`, new Uint8ArrayReader(Buffer.from(text)));
  }
  writeFiles(folder, { "class.zip": await writer.close() });
  const { students, seconds, most } = await measured(join(folder, "class.zip"), join(folder, "heavy"));
  console.log(`${HEAVY} notebooks of 45 MB in ${seconds.toFixed(0)} s; at most ${most.toFixed(0)} MB more than before`);
  expect(students.size).toBe(HEAVY);
  for (const student of students.values()) expect(scores(student).F1, student.student).toBe(4);
  expect(most).toBeLessThan(1500);
});

it(
  `${COUNT} students: everyone gets what they earn alone, in bounded memory, and each oddity is told`,
  slow,
  async () => {
    const class_: Planted[] = [];
    for (let k = 0; k < COUNT; k++) {
      const one = await planted(k);
      class_.push(one);
      writeFiles(join(folder, "in"), one.files);
    }
    const { students, seconds, half, most } = await measured(join(folder, "in"), join(folder, "out"));
    console.log(
      `${COUNT} students in ${seconds.toFixed(0)} s, half of them in ${half.toFixed(0)} s; at most ${most.toFixed(0)} MB more than before`,
    );
    expect(students.size).toBe(COUNT);
    const csv = readFileSync(join(folder, "out/grades.csv"), "utf8");
    const summary = readFileSync(join(folder, "out/summary.html"), "utf8");
    for (const { student, points, notGraded } of class_) {
      const result = students.get(student) as StudentResult;
      if (points === undefined && !notGraded) expect(scores(result).F1, student).toBe(0);
      else expect(totalOf(result).score, `${student}: ${JSON.stringify(result)}`).toBe(points ?? 0);
      if (!notGraded) expect(result.notGraded, student).toEqual([]);
      else {
        expect(result.notGraded.join(), student).toMatch(notGraded);
        expect(csv.split("\r\n").find((line) => line.startsWith(student))).toMatch(notGraded);
        expect(summary).toContain(`${student}: `);
      }
    }
    expect(csv).not.toMatch(/teacher has decided/);
    expect(most).toBeLessThan(1500);
  },
);
