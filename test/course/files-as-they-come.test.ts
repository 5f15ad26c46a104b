/** Files as students, browsers, systems and LMSs really name and write them. Nothing is run here. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { afterAll, describe, expect, it } from "vitest";
import { writeZip } from "../../src/course/archive";
import { entriesIn } from "../../src/course/grader/entries";
import { forms } from "../../src/course/grader/submitters";
import { NotANotebook, sourceOf } from "../../src/course/notebook";
import { notebookIn } from "../../src/course/notebook-file";
import { masters, notebookOf, readFile, temporaryFolder, writeFiles } from "./classroom";

const folder = temporaryFolder("files");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [old, now] = ["// old", "// now"].map((F1) => notebookOf("forward-pass", { F1 }));
let folders = 0;
type Files = Readonly<Record<string, string | Uint8Array>>;

function handedIn(files: Files): string {
  folders += 1;
  const path = join(folder, String(folders));
  mkdirSync(path);
  writeFiles(path, files);
  return path;
}

/** Whose what is, and which notebook counts. */
async function found(path: string) {
  const { entries, missing, problems } = await entriesIn({ submissions: path, masters, readFile });
  return { entries, missing, problems, students: entries.map(({ submission }) => submission.student) };
}

const gradedOf = async (files: Files) => {
  const { entries, problems } = await found(handedIn(files));
  return { path: entries[0].submission.path.split("/").slice(1).join("/"), count: entries.length, problems, entries };
};

describe("whose it is", () => {
  it.each(forms.map((form) => [form.lms, form.sample]))("%s: %s", async (lms, sample) => {
    const { students } = await found(handedIn({ [sample]: now }));
    expect(students).toEqual([
      {
        Moodle: "Ada Lovelace",
        "Moodle, blind marking": "Participant_12345",
        Gradescope: "submission_12345",
        Blackboard: "alovelace",
        Brightspace: "Ada Lovelace",
        Canvas: "lovelaceada",
        "Canvas, anonymous": "anon_Ab3De",
        "Google Classroom": "Ada Lovelace",
      }[lms],
    ]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      "Canvas's names with underscores",
      ["van_der_berg_12_34_a.ipynb", "de_la_cruz_LATE_13_35_7_8_b.ipynb"],
      ["de_la_cruz", "van_der_berg"],
    ],
    [
      "Canvas's anonymous students, two of them",
      ["anon_12345_67_a.ipynb", "LATE_anon_Ab3De_68_a.ipynb"],
      ["anon_12345", "anon_Ab3De"],
    ],
    [
      "Moodle's groups and blind students",
      ["Group A-Ada Lovelace_1_assignsubmission_file_/a.ipynb", "Participant_2_assignsubmission_file_/a.ipynb"],
      ["Group A-Ada Lovelace", "Participant_2"],
    ],
    ["Moodle without folders", ["Ada Lovelace_1_assignsubmission_file_a.ipynb"], ["Ada Lovelace"]],
    [
      "two attempts with Blackboard",
      [
        "HW 1_ada_attempt_2026-10-12-23-58-00_a.ipynb",
        "HW 1_ada_attempt_2026-10-13-08-00-00_a.ipynb",
        "HW 1_ada_attempt_2026-10-13-08-00-00.txt",
      ],
      ["ada"],
    ],
    [
      "two attempts with Brightspace",
      [
        "12-34 - Ada Lovelace - Oct 12, 2026 1158 PM/a.ipynb",
        "12-34 - Ada Lovelace - Oct 13, 2026 801 AM/a.ipynb",
        "13-34 - Anne-Marie O'Neil - Oct 12, 2026 1158 PM/a.ipynb",
      ],
      ["Ada Lovelace", "Anne-Marie O'Neil"],
    ],
    ["names with spaces around them", [" Ada /a.ipynb", "Ben\u00a0 B/a.ipynb"], ["Ada", "Ben B"]],
  ])("%s", async (_, paths, expected) => {
    const { students } = await found(handedIn(Object.fromEntries(paths.map((path) => [path, now]))));
    expect(students.sort()).toEqual(expected);
  });

  it("one name in two forms of Unicode is one student, and the teacher is told", async () => {
    const { students, problems } = await found(
      handedIn({ "Zoë/a.ipynb": old, [`${"Zoë".normalize("NFD")}/b.ipynb`]: now }),
    );
    expect(students).toEqual(["Zoë".normalize("NFC")]);
    expect(problems.join("\n")).toMatch(/look alike and were taken for one student/);
    expect(problems.join("\n")).toMatch(/more than one notebook/);
  });

  it("a name in no encoding that is known is read all the same", async () => {
    const path = handedIn({ "ada/a.ipynb": now });
    const strange = Buffer.concat([Buffer.from(`${path}/Zo`), Buffer.from([0xeb])]);
    mkdirSync(strange);
    writeFileSync(Buffer.concat([strange, Buffer.from("/a.ipynb")]), now);
    const { students, entries } = await found(path);
    expect(students.sort()).toEqual(["Zoë", "ada"]);
    for (const { submission } of entries) expect((await submission.read()).toString()).toBe(now);
  });

  it("a name of no known form among an LMS's is listed", async () => {
    const { problems } = await found(handedIn({ "ada_1_2_a.ipynb": now, "work.ipynb": now }));
    expect(problems).toEqual([
      "“work.ipynb” is not named as Canvas names things; it was taken for the work of “work”.",
    ]);
  });

  it("two long names are two students with two folders", async () => {
    const long = "x".repeat(200);
    const { students } = await found(handedIn({ [`${long}a/a.ipynb`]: now, [`${long}b/a.ipynb`]: now }));
    expect(new Set(students).size).toBe(2);
  });
});

describe("which of several counts", () => {
  it.each<[string, readonly string[]]>([
    ["Canvas's larger number, as a number", ["x/ada_1_99998_a.ipynb", "x/ada_1_100002_a.ipynb"]],
    ["a second download", ["ada/forward-pass.ipynb", "ada/forward-pass (1).ipynb"]],
    ["the tenth download before the ninth", ["ada/forward-pass (9).ipynb", "ada/forward-pass (10).ipynb"]],
    ["Canvas's second upload", ["ada/forward-pass.ipynb", "ada/forward-pass-1.ipynb"]],
    ["JupyterLab's copy", ["ada/forward-pass.ipynb", "ada/forward-pass-Copy1.ipynb"]],
    ["Google's copy", ["ada/forward-pass.ipynb", "ada/Copy of forward-pass.ipynb"]],
    ["Windows's copy", ["ada/forward-pass.ipynb", "ada/forward-pass - Copy.ipynb"]],
    ["the exact name before another", ["ada/zz.ipynb", "ada/forward-pass.ipynb"]],
    ["what lies in fewer folders", ["ada/backup/old/forward-pass-3.ipynb", "ada/forward-pass.ipynb"]],
    [
      "Blackboard's later attempt",
      ["x/HW_ada_attempt_2026-09-12-23-58-00_a.ipynb", "x/HW_ada_attempt_2026-10-02-08-00-00_a.ipynb"],
    ],
    [
      "Brightspace's later attempt",
      ["x/1-2 - Ada - Sep 30, 2026 1158 PM/a.ipynb", "x/1-2 - Ada - Oct 1, 2026 1203 AM/a.ipynb"],
    ],
  ])("%s", async (_, [first, second]) => {
    for (const files of [
      { [first]: old, [second]: now },
      { [second]: now, [first]: old },
    ]) {
      const { count, problems, entries } = await gradedOf({ ...files, "x/zoe_2_3_a.ipynb": now });
      expect(count).toBe(first.startsWith("x/") && !first.includes("ada_1") ? count : 2);
      const [own] = entries.filter(({ submission }) => submission.path.includes(second.split("/")[0]));
      const mine = entries.find(({ notes }) => notes.length > 0) ?? own;
      expect(mine.submission.path).toBe(second);
      expect(mine.notes.join()).toContain(`“${first}” was not`);
      expect(problems.join("\n")).toContain("more than one notebook for forward-pass");
    }
  });

  it("a file with the assignment in it counts before one that can't be read, and that is told", async () => {
    const { entries, problems } = await found(
      handedIn({ "ada/forward-pass.ipynb": now, "ada/forward-pass (1).ipynb": "<html>" }),
    );
    expect(entries.map(({ submission }) => submission.path)).toEqual(["ada/forward-pass.ipynb"]);
    expect(problems.join()).toContain("“ada/forward-pass (1).ipynb” was not");
  });

  it("the date of a file says nothing", async () => {
    const path = handedIn({ "ada/forward-pass.ipynb": old, "ada/forward-pass (1).ipynb": now });
    utimesSync(join(path, "ada/forward-pass.ipynb"), new Date(), new Date("2099-01-01"));
    expect((await found(path)).entries[0].submission.path).toBe("ada/forward-pass (1).ipynb");
  });
});

/** A notebook without any metadata, as some programs leave it. */
const bare = (text: string) => {
  const { cells, nbformat } = JSON.parse(text);
  return JSON.stringify({
    nbformat,
    metadata: {},
    cells: cells.map((cell: object) => ({ ...cell, id: undefined, metadata: {} })),
  });
};

describe("which assignment it is", () => {
  const train = notebookOf("train-it", { T1: "right" });
  it("is told by grade ids, whatever it is called", async () => {
    const { entries } = await found(handedIn({ "ada/forward-pass.ipynb": train }));
    expect(entries.map(({ assignment }) => assignment)).toEqual(["train-it"]);
    expect(entries[0].notes).toEqual([
      "By its cells, this is the notebook of train-it, although its name says forward-pass.",
    ]);
  });

  it("is told by its functions where there is no metadata", async () => {
    const { entries } = await found(
      handedIn({ "ada/work.ipynb": bare(train), "ben/a.ipynb": now, "cyd/a.ipynb": now }),
    );
    expect(entries.map(({ assignment }) => assignment)).toEqual(["train-it", "forward-pass", "forward-pass"]);
  });

  it("is told by its name where nothing in it does", async () => {
    const empty = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });
    const { entries } = await found(handedIn({ "ada/Hidden Layers.ipynb": empty, "ben/a.ipynb": now }));
    expect(entries.map(({ assignment }) => assignment)).toEqual(["hidden-layers", "forward-pass"]);
  });

  it("is not guessed of a notebook that is none: the student is told that nothing was graded", async () => {
    const other = JSON.stringify({ cells: [{ cell_type: "code", source: "1 + 1" }], metadata: {}, nbformat: 4 });
    const { entries, missing } = await found(handedIn({ "ada/work.ipynb": other, "ben/a.ipynb": now }));
    expect(entries.map(({ submission }) => submission.student)).toEqual(["ben"]);
    expect(missing).toEqual([
      { student: "ada", why: "No cells, no functions and no name of an assignment are in “ada/work.ipynb”." },
    ]);
  });
});

describe("how it is written", () => {
  const nothing = Buffer.from([]);
  const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
  it.each<[string, Uint8Array]>([
    ["UTF-16 with its mark", Buffer.from(`\uFEFF${now}`, "utf16le")],
    ["UTF-16 with its mark, the other way round", utf16be(`\uFEFF${now}`)],
    ["UTF-16 without its mark", Buffer.from(now, "utf16le")],
    ["UTF-16 without its mark, the other way round", utf16be(now)],
    ["two byte-order marks", Buffer.from(`\uFEFF\uFEFF${now}`)],
    ["a NUL at the end", Buffer.from(`${now}\0\0`)],
    ["a ^Z at the end", Buffer.from(`${now}\n\x1a`)],
    ["spaces before it", Buffer.from(`\r\n  ${now}`)],
    ["Windows' encoding", Buffer.from('{"cells":[{"cell_type":"code","source":"// é"}]}', "latin1")],
  ])("%s is read", (_, bytes) => {
    const { cells } = notebookIn(bytes);
    expect(cells.map(sourceOf).join("\n")).toMatch(/\/\/ (now|é)/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a web page", Buffer.from("\n<!DOCTYPE html><html><head></head></html>"), /web page \(HTML\)/],
    ["a PDF", Buffer.from("%PDF-1.7 …"), /PDF document/],
    ["gzip", gzipSync(now), /packed with gzip/],
    ["a zip", Buffer.from("PK\x03\x04…"), /zip archive, or a document of Office/],
    [
      "a pointer of Git LFS",
      Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
      /pointer of Git LFS/,
    ],
    ["conflict marks", Buffer.from(`{\n<<<<<<< HEAD\n "cells": []\n=======\n>>>>>>> theirs\n}`), /merge conflict/],
    ["half a download", Buffer.from(now.slice(0, 900)), /not complete JSON. Was it cut off/],
    ["a download that has only been given its room", Buffer.alloc(5000), /nothing but zeros/],
    ["what Python prints", Buffer.from("{'cells': [], 'nbformat': 4}"), /as Python prints it/],
    ["a mistake in the middle", Buffer.from('{\n"cells": [],\n}'), /not JSON; line 3 is where that shows/],
    ["something else", Buffer.from("Dear teacher"), /not JSON, which would begin with a brace/],
    ["nothing", nothing, /file is empty/],
  ])("%s is told as what it is", (_, bytes, told) => {
    expect(() => notebookIn(bytes)).toThrow(NotANotebook);
    expect(() => notebookIn(bytes)).toThrow(told);
  });

  it.each<[string, (cells: { id?: string; metadata: object }[]) => object]>([
    [
      "nbformat 4.5 with an id twice",
      (cells) => ({ nbformat: 4, nbformat_minor: 5, cells: cells.map((c) => ({ ...c, id: "a" })) }),
    ],
    [
      "nbformat 4.4 without ids",
      (cells) => ({ nbformat: 4, nbformat_minor: 4, cells: cells.map((c) => ({ ...c, id: undefined })) }),
    ],
    [
      "nbformat 3",
      (cells) => ({
        nbformat: 3,
        worksheets: [{ cells: cells.map((c) => ({ ...c, input: (c as { source?: unknown }).source })) }],
      }),
    ],
    [
      "Colab's metadata",
      (cells) => ({
        nbformat: 4,
        metadata: { colab: { provenance: [] }, kernelspec: { name: "tslab", display_name: "TypeScript" } },
        cells: cells.map((c) => ({
          ...c,
          metadata: { ...c.metadata, id: "Xy", colab: { base_uri: "https://localhost" } },
        })),
      }),
    ],
    [
      "VS Code's metadata",
      (cells) => ({
        nbformat: 4,
        metadata: {},
        cells: cells.map((c) => ({ ...c, metadata: { ...c.metadata, vscode: { languageId: "typescript" } } })),
      }),
    ],
  ])("%s is read", (_, change) => {
    const { cells } = notebookIn(Buffer.from(JSON.stringify(change(JSON.parse(now).cells))));
    expect(cells.length).toBe(JSON.parse(now).cells.length);
    expect(cells.filter(({ metadata }) => metadata.nbgrader?.grade_id === "F1-solution").length).toBe(1);
  });

  it("what is kept of it is bounded", () => {
    const cell = {
      cell_type: "code",
      id: "x".repeat(1e5),
      source: "y".repeat(3e5),
      metadata: { nbgrader: { grade_id: "z".repeat(1e6) } },
    };
    const kept = notebookIn(Buffer.from(JSON.stringify({ cells: new Array(100).fill(cell), nbformat: 4 })));
    expect(JSON.stringify(kept).length).toBeLessThan(3e6);
  });
});

describe("archives", () => {
  const files = [{ path: "ada/forward-pass.ipynb", data: Buffer.from(now) }];
  const written = async (options: object, name = files[0].path, comment = "") => {
    const writer = new ZipWriter(new Uint8ArrayWriter(), options);
    await writer.add(name, new Uint8ArrayReader(files[0].data), options);
    return writer.close(new Uint8Array(Buffer.from(comment)));
  };
  it.each<[string, () => Promise<Uint8Array>]>([
    ["zip64 with one file", () => written({ zip64: true })],
    [
      "a comment that looks like the end of an archive",
      () => written({}, undefined, "PK\x05\x06 and so on, for a while"),
    ],
    ["data in front", async () => Buffer.concat([Buffer.from("#!/bin/sh\nexit\n"), await writeZip(files)])],
    ["backslashes", () => written({}, "ada\\forward-pass.ipynb")],
    ["nothing packed", () => written({ level: 0 })],
    ["sizes behind the data", () => written({ dataDescriptor: true })],
  ])("%s is read", async (_, make) => {
    const { students, problems } = await found(join(handedIn({ "class.zip": await make() }), "class.zip"));
    expect([students, problems]).toEqual([["ada"], []]);
  });

  it("names in UTF-8, with and without the mark, and in the old encoding are read", async () => {
    for (const [place, bytes] of [
      ["??", Buffer.from("ë")],
      ["?", Buffer.from([0x89])],
    ] as const) {
      const zip = Buffer.from(await written({ useUnicodeFileNames: false }, `Zo${place}/forward-pass.ipynb`));
      for (let at = zip.indexOf("Zo?"); at >= 0; at = zip.indexOf("Zo?", at)) bytes.copy(zip, at + 2);
      expect((await found(join(handedIn({ "class.zip": zip }), "class.zip"))).students).toEqual(["Zoë"]);
    }
  });

  it("what is encrypted is told, and so is a wrong checksum", async () => {
    const locked = await written({ password: "secret" });
    const damaged = Buffer.from(await written({ level: 0 }, "ada/forward-pass.ipynb"));
    const at = damaged.indexOf("// now");
    damaged.write("// own", at);
    const { entries } = await found(
      handedIn({ "ada.zip": locked, "ben.zip": damaged, "cyd.zip": await writeZip(files) }),
    );
    expect(entries.map(({ submission, problem }) => [submission.student, problem])).toEqual([
      ["ada", "It is encrypted; it has to be handed in without a password."],
      ["ben", "It is damaged: its checksum is wrong."],
      ["cyd", undefined],
    ]);
  });
});
