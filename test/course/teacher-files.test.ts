import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gradeClass } from "../../src/course/grader";
import { type StudentResult, totalOf } from "../../src/course/grader/reports";
import { type Cell, gradeIdOf } from "../../src/course/notebook";
import type { Sandbox } from "../../src/course/sandbox/sandbox";
import {
  filesBelow,
  masters,
  notebookOf,
  ownCell,
  readFile,
  realSandbox,
  scores,
  temporaryFolder,
  writeFiles,
} from "./classroom";
import { root } from "./solutions";

const folder = temporaryFolder("teacher");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

const trained = (answer: string) => notebookOf("train-it", { T2: "right", T4: answer });
writeFiles(at("in"), {
  "ada/forward-pass.ipynb": notebookOf("forward-pass", { F1: "right", F2: "right", F3: "right" }),
  "ada/train-it.ipynb": trained("First I look at the <norms> of the gradients."),
  "Bob Müller/forward-pass.ipynb": notebookOf("forward-pass", { F1: "right" }),
  "Bob Müller/train-it.ipynb": notebookOf("train-it", {}),
  "=cyd/forward-pass.ipynb": notebookOf("forward-pass", { F2: "right" }),
});

let real: Sandbox;
let started = 0;
let told: string[];
beforeAll(async () => {
  real = await realSandbox(folder);
});
beforeEach(() => {
  told = [];
});

/** Grades with the teacher's files as given; a file that is not given is not used. */
async function grade(
  files: { marks?: string | Uint8Array; deadlines?: string | Uint8Array } = {},
  submissions = at("in"),
) {
  writeFiles(folder, Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.csv`, text])));
  const sandbox: Sandbox = {
    ...real,
    run: (...args) => {
      started += 1;
      return real.run(...args);
    },
  };
  const students = await gradeClass({
    submissions,
    out: at("out"),
    masters,
    readFile,
    sandbox,
    secret: "a secret of the tests",
    version: "1",
    jobs: 2,
    onProblem: (sentence) => told.push(sentence),
    ...Object.fromEntries(Object.keys(files).map((name) => [name, at(`${name}.csv`)])),
  });
  return new Map(students.map((student) => [student.student, student]));
}
const written = (path: string) => readFileSync(at("out", path), "utf8");
const line = (student: string) =>
  written("grades.csv")
    .split("\r\n")
    .find((text) => text.startsWith(student));

describe("without the teacher's files", () => {
  it("written answers are unmarked and count for nothing, and the summary says whose", async () => {
    const students = await grade();
    expect(written("grades.csv").split("\r\n")[0]).toBe(
      "student,F1,F2,F3,T1,T2,T3,T4,total,of,flags,taken off for lateness,not graded",
    );
    expect(line("ada")).toBe("ada,4,7,9,0,4,0,unmarked,24,40,0,0,");
    expect(line("'=cyd")).toMatch(/^'=cyd,0,7,0,,,,,7,20,/);
    expect(totalOf(students.get("ada") as StudentResult)).toEqual({ score: 24, points: 40 });
    expect(written("summary.html")).toContain("T4, 2 unmarked: Bob Müller, ada");
    expect(written("written-answers.html")).toContain("First I look at the &lt;norms&gt; of the gradients.");
    expect(written("written-answers.html")).toContain("2 answers, 2 of them unmarked");
    expect(written("written-answers.html")).toContain("No answer.");
    const tests = JSON.parse(written("ada/results.json")).tests as { number: string; score?: number }[];
    expect(tests.find(({ number }) => number === "T4")).not.toHaveProperty("score");
  });

  it("files that are named and not there are made, with rows to fill in", async () => {
    rmSync(at("marks.csv"), { force: true });
    await gradeClass({
      submissions: at("in"),
      out: at("out"),
      masters,
      readFile,
      sandbox: real,
      secret: "a secret of the tests",
      version: "1",
      jobs: 1,
      marks: at("new/marks.csv"),
      deadlines: at("new/deadlines.csv"),
    });
    expect(readFileSync(at("new/marks.csv"), "utf8")).toBe(
      "student,exercise,points,comment\r\nBob Müller,T4,,\r\nada,T4,,\r\n",
    );
    expect(readFileSync(at("new/deadlines.csv"), "utf8")).toMatch(
      /^assignment,student,deadline,grace minutes,penalty per day,submitted\r\nforward-pass,,,,,\r\n/,
    );
  });
});

describe("a written answer", () => {
  const markdown = (source: string): Cell => ({
    cell_type: "markdown",
    id: `own-${source.length}`,
    source,
    metadata: {},
  });
  const withOwn = (answer: string | undefined, ...own: Cell[]) =>
    notebookOf("train-it", answer === undefined ? {} : { T4: answer }, (cells) => {
      const at = cells.findIndex((cell) => gradeIdOf(cell) === "T4");
      return [...cells.slice(0, at + 1), ...own, ...cells.slice(at + 1)];
    });
  it.each<[string, string, string]>([
    ["in its cell", withOwn("In the cell."), "In the cell."],
    ["in a cell below the stub", withOwn(undefined, markdown("Below it.")), "Below it."],
    [
      "in several cells below the stub, with code between them",
      withOwn(undefined, markdown("First."), ownCell("console.log(1);"), markdown("Then.")),
      "First.\n\nThen.",
    ],
    ["in a cell below an empty one", withOwn("", markdown("Below it.")), "Below it."],
    ["in its cell, with a note below", withOwn("In the cell.", markdown("A note.")), "In the cell."],
    ["nowhere", withOwn(undefined), "<i>No answer.</i>"],
  ])("%s is shown to who marks it", async (_, notebook, shown) => {
    rmSync(at("answers"), { recursive: true, force: true });
    writeFiles(at("answers"), { "ada/train-it.ipynb": notebook });
    await grade({}, at("answers"));
    expect(/<p class="lines">(.*?)<\/p>/s.exec(written("written-answers.html"))?.[1]).toBe(shown);
  });
});

describe("marks", () => {
  it("are in the total, the grades, the feedback and the results, and nothing is graded again", async () => {
    await grade();
    started = 0;
    const kept = readdirSync(at("out/.graded"));
    const students = await grade({
      marks: 'student,exercise,points,comment\nada,T4,3.5,"Good; but look\nat W1 < W2, too."\n',
    });
    expect(started).toBe(0);
    expect(readdirSync(at("out/.graded"))).toEqual(kept);
    expect(told).toEqual([]);
    expect(totalOf(students.get("ada") as StudentResult)).toEqual({ score: 27.5, points: 45 });
    expect(line("ada")).toBe("ada,4,7,9,0,4,0,3.5,27.5,45,0,0,");
    expect(line("Bob")).toMatch(/^Bob Müller,4,0,0,0,0,0,unmarked,4,40,/);
    expect(written("ada/feedback.html")).toContain("3.5 of 5");
    expect(written("ada/feedback.html")).toContain("Good; but look\nat W1 &lt; W2, too.");
    expect(written("summary.html")).toContain("T4, 1 unmarked: Bob Müller<");
    const { score, tests } = JSON.parse(written("ada/results.json"));
    expect(score).toBe(27.5);
    expect(tests.at(-1)).toMatchObject({
      number: "T4",
      score: 3.5,
      max_score: 5,
      output: "Good; but look\nat W1 < W2, too.",
    });
  });

  it("stand in place of what the checks say, and the student is told of both", async () => {
    const students = await grade({ marks: "student,exercise,points,comment\nBob Müller,F2,2,The idea is right.\n" });
    expect(scores(students.get("Bob Müller"))).toMatchObject({ F1: 4, F2: 2, F3: 0 });
    expect(written("Bob Müller/feedback.html")).toContain("Marked by hand: 2 (the checks gave 0).");
    expect(written("Bob Müller/feedback.html")).toContain("The idea is right.");
    expect(written("Bob Müller/results.json")).toContain("Marked by hand: 2 (the checks gave 0). The idea is right.");
    expect(totalOf((await grade()).get("Bob Müller") as StudentResult).score).toBe(4);
  });

  const table = (separator: string) =>
    ["Exercise,Points,Student,seen", 'F2,"2,5",Bob Müller,yes', "F1,1,'=cyd,yes"]
      .map((text) => text.replaceAll(/,(?!5)/g, separator))
      .join("\r\n");
  it.each<[string, string | Uint8Array]>([
    ["semicolons", table(";")],
    ["tabs", table("\t")],
    ["a byte order mark", `\uFEFF${table(",")}`],
    ["Windows' encoding", Buffer.from(table(";"), "latin1")],
    ["UTF-16", Buffer.from(`\uFEFF${table("\t")}`, "utf16le")],
    ["a decomposed name", table(",").normalize("NFD")],
    ["empty lines", `${table(",").replaceAll("\r\n", "\r\n\r\n,,,\r\n")}\r\n\r\n`],
  ])("may be a table with %s", async (_, marks) => {
    const students = await grade({ marks });
    expect(told).toEqual([]);
    expect(scores(students.get("Bob Müller"))).toMatchObject({ F2: 2.5 });
    expect(scores(students.get("=cyd"))).toMatchObject({ F1: 1, F2: 7 });
  });

  it("that can't be right are told by file, line, expected and got; the others count", async () => {
    const students = await grade({
      marks: [
        "student,exercise,points,comment",
        "ada,T4,5,",
        "adda,T4,5,",
        'Bob Müller,T9,1,"two',
        'lines"',
        "Bob Müller,T4,6,",
        "Bob Müller,T4,-1,",
        "Bob Müller,T4,five,",
        "=cyd,T4,1,",
        "ada,T4,1,again",
        "Bob Müller,T4,,later",
      ].join("\n"),
    });
    expect(told).toEqual([
      'marks.csv, line 3, student: expected a name as in grades.csv, got "adda"',
      expect.stringMatching(/^marks\.csv, line 4, exercise: expected one of F1, F2, .*T4, got "T9"$/),
      'marks.csv, line 6, points: expected a number from 0 to 5, got "6"',
      'marks.csv, line 7, points: expected a number from 0 to 5, got "-1"',
      'marks.csv, line 8, points: expected a number from 0 to 5, got "five"',
      'marks.csv, line 9, exercise: expected one that =cyd has handed in, got "T4 of train-it"',
      `marks.csv, line 10, exercise: expected one row for ada's T4, got "another one after line 2"`,
    ]);
    expect(scores(students.get("ada"))).toMatchObject({ F1: 4 });
    expect(line("ada")).toMatch(/^ada,4,7,9,0,4,0,5,29,45,/);
    expect(line("Bob")).toMatch(/unmarked/);
    for (const sentence of told) expect(written("summary.html")).toContain(sentence.slice(0, 18));
  });

  it.each([
    [
      "without its columns",
      "name,points\nada,3\n",
      /marks\.csv, line 1: expected the columns student, .*got name, points/,
    ],
    ["empty", "", /marks\.csv, line 1: expected the columns .*got none/],
    [
      "with a quotation mark that is not closed",
      'student,exercise,points\nada,T4,"3\nbob',
      /marks\.csv, line \d: expected a table/,
    ],
  ])("a file %s stops the run before anything is written", async (_, marks, why) => {
    await grade();
    const before = filesBelow(at("out"));
    await expect(grade({ marks })).rejects.toThrow(why);
    expect(filesBelow(at("out"))).toEqual(before);
  });
});

describe("deadlines", () => {
  const header = "assignment,student,deadline,grace minutes,penalty per day,submitted";
  const ada = async (...rows: string[]) => {
    const students = await grade({ deadlines: [header, ...rows].join("\n") });
    expect(told).toEqual([]);
    const student = students.get("ada") as StudentResult;
    return { ...student.assignments[0].late, total: totalOf(student).score };
  };
  const due = (text: string, grace = "15", penalty = "10") => `forward-pass,,${text},${grace},${penalty},`;
  const submitted = (text: string, deadline = "") => `forward-pass,ada,${deadline},,,${text}`;

  it("late submissions lose so many per cent for each day that has begun", async () => {
    const on = due("2026-10-12 23:59 +02:00");
    started = 0;
    expect(await ada(on, submitted("2026-10-12 23:59 +02:00"))).toEqual({ total: 24 });
    expect(await ada(on, submitted("2026-10-13 00:14 +02:00"))).toEqual({ total: 24 });
    expect(await ada(on, submitted("2026-10-13 00:15 +02:00"))).toMatchObject({ days: 1, percent: 10, total: 22 });
    expect(await ada(on, submitted("2026-10-13T21:59:00Z"))).toMatchObject({ days: 1, total: 22 });
    expect(await ada(on, submitted("2026-10-13 14:59:01 -0700"))).toMatchObject({ days: 2, percent: 20, total: 20 });
    expect(await ada(on, submitted("2026-12-24 00:00 Z"))).toMatchObject({ percent: 100, total: 4 });
    expect(await ada(due("2026-10-12 23:59 Z", "", ""), submitted("2026-12-24 00:00 Z"))).toMatchObject({
      total: 24,
      percent: 0,
    });
    expect(started).toBe(0);
  });

  it("may be changed, for all and for one", async () => {
    const late = submitted("2026-10-14 12:00 Z");
    expect(await ada(due("2026-10-12 12:00 Z"), late)).toMatchObject({ days: 2, total: 20 });
    expect(await ada(due("2026-10-13 12:00 Z"), late)).toMatchObject({ days: 1, total: 22 });
    expect(await ada(due("2026-10-13 12:00 Z", "", "2.5 %"), late)).toMatchObject({ days: 1, total: 23.5 });
    const extended = submitted("2026-10-14 12:00 Z", "2026-10-15 12:00 Z");
    expect(await ada(due("2026-10-12 12:00 Z"), extended)).toEqual({ total: 24 });
  });

  it("are told to the student, and the class's late submissions to the teacher", async () => {
    await ada(due("2026-10-12 12:00 Z"), submitted("2026-10-14 11:00 Z"));
    const sentence =
      "forward-pass came at 2026-10-14 11:00 Z; the deadline was 2026-10-12 12:00 Z. That is 2 days late, and takes off 20 % of its points: 4.";
    expect(written("ada/feedback.html")).toContain(sentence);
    expect(written("summary.html")).toContain(`ada: ${sentence}`);
    expect(JSON.parse(written("ada/results.json"))).toMatchObject({ score: 20, output: sentence });
    expect(line("ada")).toBe("ada,4,7,9,0,4,0,unmarked,20,40,0,4,");
  });

  it("rows that can't be right are told, and nobody loses points by them", async () => {
    const students = await grade({
      deadlines: [
        header,
        "forward-pass,,2026-10-12 12:00 Z,10,50,",
        "forward-pass,ada,2026-10-32 12:00 Z,,,2026-10-20 12:00 Z",
        "forward-pass,Bob Müller,,,,2026-10-12 18:00 Z",
        "forward-pass,zoe,2026-10-12 12:00 Z,,,",
        "backward-pass,,2026-10-12 12:00 Z,,,",
        "train-it,,12.10.2026 12:00,a while,110,2026-10-12 12:00 Z",
        "hidden-layers,,2026-02-30 12:00 Z,,,",
        "output-layer,,2026-10-12 12:00,,,",
        "forward-pass,Bob Müller,,,,2026-10-13 18:00 Z",
        "train-it,ada,,,,2026-10-20 12:00 Z",
      ].join("\n"),
    });
    const time = "a time with its zone, like 2026-10-12 23:59 +02:00";
    expect(told).toEqual([
      `deadlines.csv, line 3, deadline: expected ${time}, got "2026-10-32 12:00 Z"`,
      'deadlines.csv, line 5, student: expected a name as in grades.csv, or nothing, got "zoe"',
      'deadlines.csv, line 6, assignment: expected one of forward-pass, hidden-layers, output-layer, train-it, got "backward-pass"',
      `deadlines.csv, line 7, deadline: expected ${time}, got "12.10.2026 12:00"`,
      'deadlines.csv, line 7, submitted: expected a student in the row of a time of submission, got "2026-10-12 12:00 Z"',
      'deadlines.csv, line 7, grace minutes: expected a whole number, got "a while"',
      'deadlines.csv, line 7, penalty per day: expected per cent from 0 to 100, got "110"',
      `deadlines.csv, line 8, deadline: expected ${time}, got "2026-02-30 12:00 Z"`,
      `deadlines.csv, line 9, deadline: expected ${time}, got "2026-10-12 12:00"`,
      `deadlines.csv, line 10, assignment: expected one row for Bob Müller's forward-pass, got "another one after line 4"`,
    ]);
    expect(totalOf(students.get("ada") as StudentResult).score).toBe(24);
    expect(totalOf(students.get("Bob Müller") as StudentResult).score).toBe(4);
  });

  it("files that were changed after the deadline, or that Canvas calls late, are pointed out and cost nothing", async () => {
    const notebook = notebookOf("forward-pass", { F1: "right" });
    writeFiles(at("seen"), { "ada.ipynb": notebook, "bob.ipynb": notebook, "cyd_LATE_11_22_nb.ipynb": notebook });
    const time = (text: string) => new Date(text);
    utimesSync(at("seen/ada.ipynb"), time("2026-10-12T12:30Z"), time("2026-10-12T12:30Z"));
    utimesSync(at("seen/bob.ipynb"), time("2026-10-12T12:05Z"), time("2026-10-12T12:05Z"));
    utimesSync(at("seen/cyd_LATE_11_22_nb.ipynb"), time("2026-10-01T12:00Z"), time("2026-10-01T12:00Z"));
    const students = await grade({ deadlines: `${header}\n${due("2026-10-12 12:00 Z")}\n` }, at("seen"));
    for (const student of students.values()) expect(totalOf(student).score).toBe(4);
    expect(written("summary.html")).toContain(
      "“ada.ipynb” was last changed at 2026-10-12T12:30Z; its deadline is 2026-10-12 12:00 Z",
    );
    expect(written("summary.html")).toContain("“cyd_LATE_11_22_nb.ipynb” is marked LATE by Canvas");
    expect(written("summary.html")).not.toContain("bob.ipynb” was last changed");
  });
});

describe("the command", () => {
  const run = (out: string, killAfter?: number) =>
    new Promise<{ code: number | null; said: string }>((done) => {
      const args = [
        ...[join(root, "src/setup/start.mjs"), "grade", at("in"), "--out", at(out)],
        ...["--secret", at("secret"), "--marks", at("marks.csv"), "--deadlines", at("deadlines.csv")],
      ];
      const child = spawn(process.execPath, args, { cwd: root });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (data) => {
          said += data;
        });
      }
      if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
      child.on("close", (code) => done({ code, said }));
    });

  const ends =
    "ends with the same bytes after being killed, tells rows that were left out, and leaves the files as they are";
  it(ends, { tags: ["slow"] }, async () => {
    const marks = "student,exercise,points,comment\nada,T4,4,fine\nadda,T4,4,\n";
    const deadlines =
      "assignment,student,deadline,penalty per day,submitted\ntrain-it,,2000-01-01 12:00 Z,20,\ntrain-it,ada,,,2000-01-02 11:00 Z\n";
    writeFileSync(at("marks.csv"), marks);
    writeFileSync(at("deadlines.csv"), deadlines);
    const { code, said } = await run("undisturbed");
    expect(code).toBe(1);
    expect(said).toContain('marks.csv, line 3, student: expected a name as in grades.csv, got "adda"');
    expect(said).toMatch(/3 students: .*\n1 row of your files left out, see above/);
    const undisturbed = filesBelow(at("undisturbed"));
    expect(undisturbed["grades.csv"]).toMatch(/^ada,4,7,9,0,4,0,4,26.4,45,0,1.6,\r$/m);
    for (const after of [1200, 1800, 2400]) await run("killed", after);
    await run("killed");
    expect(filesBelow(at("killed"))).toEqual(undisturbed);
    expect(readFileSync(at("marks.csv"), "utf8")).toBe(marks);
    expect(readFileSync(at("deadlines.csv"), "utf8")).toBe(deadlines);
    expect(statSync(at("marks.csv")).isFile()).toBe(true);
  });
});
