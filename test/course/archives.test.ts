import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { listZip, writeZip } from "../../src/course/archive";
import { entriesIn } from "../../src/course/grader/entries";
import { submissionsIn } from "../../src/course/grader/submissions";
import { masters, notebookOf, readFile, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

const folder = temporaryFolder("archives");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whole = Buffer.from(notebookOf("forward-pass", {}));
type Files = Readonly<Record<string, string | Uint8Array | Promise<Uint8Array>>>;
const zip = async (files: Files) =>
  writeZip(
    await Promise.all(Object.entries(files).map(async ([path, data]) => ({ path, data: Buffer.from(await data) }))),
  );
const entriesOf = (path: string) => entriesIn({ submissions: path, masters, readFile });

/** A folder of submissions of its own for each test. */
let folders = 0;
async function submitted(files: Files): Promise<string> {
  folders += 1;
  const path = join(folder, String(folders));
  mkdirSync(path);
  for (const [name, data] of Object.entries(files)) writeFiles(path, { [name]: await data });
  return path;
}

/** An archive whose directory says something else of its files. */
async function forged(archive: Promise<Buffer>, change: (entry: Buffer) => void): Promise<Buffer> {
  const copy = Buffer.from(await archive);
  for (let at = copy.indexOf("PK\x01\x02", 0, "latin1"); at >= 0; at = copy.indexOf("PK\x01\x02", at + 4, "latin1")) {
    change(copy.subarray(at));
  }
  return copy;
}

const sizeField = 24;
const modeField = 38;
const zeros = new Uint8Array(64e6);
const bomb = zip({ "a.ipynb": zeros });
/** A zip of as much as one file may be. */
const most = zip({ "a.ipynb": new Uint8Array(45e6) });

describe("an archive that is small and unpacks to far too much", () => {
  it.each<[string, () => Promise<Buffer>, RegExp]>([
    ["in one file", () => bomb, /“bob\/work\/a\.ipynb” is larger than 50 MB/],
    [
      "that says it is four gigabytes",
      () => forged(zip({ "a.ipynb": whole }), (e) => e.writeUInt32LE(0xfffffffe, sizeField)),
      /“bob\/work\/a\.ipynb” is larger than 50 MB/,
    ],
  ])("%s is left out, and nobody else loses anything", async (_, make, told) => {
    const archive = await make();
    expect(archive.length).toBeLessThan(1e6);
    const { submissions, problems } = await submissionsIn(
      await submitted({ "bob/work.zip": archive, "ada/a.ipynb": whole }),
    );
    expect(submissions.map(({ student }) => student)).toEqual(["ada"]);
    expect(problems.join("\n")).toMatch(told);
  });

  it("that says it is small is told as damaged, and nobody else loses anything", async () => {
    const archive = forged(zip({ "forward-pass.ipynb": zeros }), (e) => e.writeUInt32LE(10, sizeField));
    const { entries } = await entriesOf(await submitted({ "bob/work.zip": archive, "ada/a.ipynb": whole }));
    expect(entries.map(({ submission, problem }) => [submission.student, problem])).toEqual([
      ["ada", undefined],
      ["bob", expect.stringMatching(/damaged/)],
    ]);
  });

  it("of one student costs none of the classmates after them in one archive anything", async () => {
    const bombs = zip(Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((k) => [`${k}.zip`, most])));
    const class_ = zip({
      "adams_1_10_work.zip": bombs,
      "baker_2_11_forward-pass.ipynb": whole,
      "clark_3_12_work.zip": zip({ "forward-pass.ipynb": whole }),
    });
    const path = join(await submitted({ "class.zip": class_ }), "class.zip");
    const { submissions } = await submissionsIn(path);
    expect(submissions.map(({ student }) => student).filter((name) => name !== "adams")).toEqual(["baker", "clark"]);
  });

  it("is not unpacked at all where only other files are so large", async () => {
    const archive = zip({ "data.bin": zeros, "a.ipynb": whole });
    const huge = await forged(archive, (entry) => {
      if (entry.toString("latin1", 46, 54) === "data.bin") entry.writeUInt32LE(0xffffffff, sizeField);
    });
    const { submissions, problems } = await submissionsIn(await submitted({ "bob/work.zip": huge }));
    expect(submissions.map(({ path }) => path)).toEqual(["bob/work/a.ipynb"]);
    expect(problems).toEqual([]);
  });

  it("in a class's own archive, one notebook of more than 50 MB is left out and the others are read", async () => {
    const path = join(await submitted({ "class.zip": zip({ "ada.ipynb": whole, "bob.ipynb": zeros }) }), "class.zip");
    const { submissions, problems } = await submissionsIn(path);
    expect(submissions.map(({ student }) => student)).toEqual(["ada"]);
    expect(problems.join()).toMatch(/bob\.ipynb” is larger than 50 MB/);
  });
});

describe("what is not taken out of an archive", () => {
  it("symbolic links, of which the teacher is told", async () => {
    const links = await forged(zip({ "bob/a.ipynb": Buffer.from("/etc/passwd") }), (entry) =>
      entry.writeUInt32LE(0o120777 * 0x10000, modeField),
    );
    const { submissions, problems } = await submissionsIn(await submitted({ "class.zip": links }));
    expect(submissions).toEqual([]);
    expect(problems.join()).toMatch(/bob\/a\.ipynb” is a symbolic link and was left out/);
  });

  it.each(["../a.ipynb", "../../etc/a.ipynb", "bob/../../a.ipynb", "/etc/a.ipynb", "C:\\a.ipynb", "..\\a.ipynb"])(
    "%s, which leads out of it",
    async (path) => {
      const { submissions, problems } = await submissionsIn(await submitted({ "class.zip": zip({ [path]: whole }) }));
      expect(submissions).toEqual([]);
      expect(problems.join()).toContain(`${path.replaceAll("\\", "/")}” leads out of the archive and was left out.`);
      expect(existsSync(join(folder, "a.ipynb"))).toBe(false);
    },
  );

  it("more files than a class can have", async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`${k}.ipynb`, whole]));
    await expect(listZip(await zip(many), 10)).rejects.toThrow(/more than 10 files/);
  });
});

describe("nobody takes another's place", () => {
  const mine = Buffer.from(notebookOf("forward-pass", { F1: "// bob's" }));
  const moodle = "Ada Lovelace_12345_assignsubmission_file_";
  it.each<[string, Files]>([
    ["by an archive with her folder in it", { "ada/a.ipynb": whole, "bob/work.zip": zip({ "ada/a.ipynb": mine }) }],
    ["by her folder in his own", { "ada/a.ipynb": whole, "bob/ada/a.ipynb": mine }],
    ["by her folder in his own, with a later name", { "ada/a.ipynb": whole, "bob/ada/z.ipynb": mine }],
    [
      "by an archive with Moodle's name for her",
      { [`${moodle}/a.ipynb`]: whole, "bob/w.zip": zip({ [`${moodle}/z.ipynb`]: mine }) },
    ],
    ["by a folder with Moodle's name for her", { [`${moodle}/a.ipynb`]: whole, [`bob/${moodle}/z.ipynb`]: mine }],
    ["by Canvas's name for her", { "ada_12_34_a.ipynb": whole, "bob/ada_12_34_z.ipynb": mine }],
  ])("%s", async (_, files) => {
    const { entries } = await entriesOf(await submitted(files));
    const hers = entries.filter(({ submission }) => /^ada/i.test(submission.student));
    expect(hers.length).toBe(1);
    expect((await hers[0].submission.read()).equals(whole)).toBe(true);
  });
});

describe("whose it is", () => {
  const right = Buffer.from(notebookOf("forward-pass", { F1: "right" }));
  const stubs = Buffer.from(notebookOf("forward-pass", {}));
  const graded = async (path: string) => {
    const { entries } = await entriesOf(path);
    const told = entries.map(async ({ submission: { student, read } }) => [
      student,
      (await read()).equals(right) ? "right" : "stubs",
    ]);
    return Object.fromEntries(await Promise.all(told));
  };
  const moodle = (name: string, number: number) => `${name}_${number}_assignsubmission_file_`;
  const course = "backprop-by-hand/notebooks/assignments/forward-pass.ipynb";

  it.each<[string, Files, Readonly<Record<string, string>>]>([
    [
      "is not told by Canvas's name for another in a student's folder",
      { "ben/forward-pass.ipynb": right, "zoe/forward-pass.ipynb": right, "zoe/ben_1_2_forward-pass.ipynb": stubs },
      { ben: "right", zoe: "right" },
    ],
    [
      "nor in a student's archive",
      {
        "ben.zip": zip({ "forward-pass.ipynb": right }),
        "zoe.zip": zip({ "forward-pass.ipynb": right, "ben_1_2_forward-pass.ipynb": stubs }),
      },
      { ben: "right", zoe: "right" },
    ],
    [
      "nor by the only notebook in a folder or an archive",
      {
        "ben.zip": zip({ "forward-pass.ipynb": right }),
        "zoe.zip": zip({ "ben_1_2_forward-pass.ipynb": stubs }),
        "dan/ben_1_2_forward-pass.ipynb": stubs,
      },
      { ben: "right", zoe: "stubs", dan: "stubs" },
    ],
    [
      "nor in an archive with names for two others",
      {
        "ben.zip": zip({ "forward-pass.ipynb": right }),
        "zoe.zip": zip({ "ben_1_2_forward-pass.ipynb": stubs, "dan_3_4_forward-pass.ipynb": stubs }),
      },
      { ben: "right", "zoe.zip/ben": "stubs", dan: "stubs" },
    ],
    [
      "nor by Moodle's name for a folder in Gradescope's",
      {
        "submission_3/work/forward-pass.ipynb": right,
        [`submission_4/${moodle("submission_3", 1)}/forward-pass.ipynb`]: stubs,
      },
      { submission_3: "right", submission_4: "stubs" },
    ],
    [
      "is told by Moodle's number where two have one name",
      {
        [`${moodle("John Smith", 11)}/forward-pass.ipynb`]: right,
        [`${moodle("John Smith", 12)}/forward-pass.ipynb`]: stubs,
      },
      { "John Smith (11)": "right", "John Smith (12)": "stubs" },
    ],
    [
      "is told by Canvas's number where two have one name, and of one student's the last counts",
      {
        "smithjohn_11_1_forward-pass.ipynb": right,
        "smithjohn_12_2_forward-pass.ipynb": stubs,
        "smithjohn_12_3_forward-pass.ipynb": right,
      },
      { "smithjohn (11)": "right", "smithjohn (12)": "right" },
    ],
    [
      "is told by the archive's name, if it is Canvas's",
      { "lovelaceada_LATE_1_2_work.zip": zip({ "ben_1_2_forward-pass.ipynb": right }), "ben_5_6_a.ipynb": stubs },
      { lovelaceada: "right", ben: "stubs" },
    ],
    [
      "is the topmost folder of a course that was handed in whole",
      { [`ada/${course}`]: right, [`ben/${course}`]: stubs },
      { ada: "right", ben: "stubs" },
    ],
    [
      "is the topmost folder, whatever folders they have made in it",
      { "ada/hw1/forward-pass.ipynb": right, "ben/hw1/forward-pass.ipynb": stubs },
      { ada: "right", ben: "stubs" },
    ],
    [
      "is the folder in the one that is around all",
      { "submissions/ada/forward-pass.ipynb": right, "submissions/ben/hw1/forward-pass.ipynb": stubs },
      { ada: "right", ben: "stubs" },
    ],
    [
      "is told in each of several exports, and nobody of one takes the place of another's",
      {
        [`hw1/${moodle("Ada", 1)}/forward-pass.ipynb`]: right,
        [`hw1/${moodle("Ben", 2)}/forward-pass.ipynb`]: right,
        "hw2.zip": zip({
          [`${moodle("Ada", 8)}/forward-pass.ipynb`]: stubs,
          [`${moodle("Cyd", 9)}/forward-pass.ipynb`]: stubs,
        }),
      },
      {
        [`Ada (hw1/${moodle("Ada", 1)}/forward-pass.ipynb)`]: "right",
        [`Ada (hw2/${moodle("Ada", 8)}/forward-pass.ipynb)`]: "stubs",
        Ben: "right",
        Cyd: "stubs",
      },
    ],
    [
      "is kept apart where a folder, an archive and a notebook have one name",
      { "ada/a.ipynb": right, "ada.zip": zip({ "a.ipynb": stubs }), "ada.ipynb": right },
      { ada: "right", "ada.zip": "stubs", "ada.ipynb": "right" },
    ],
  ])("%s", async (_, files, expected) => {
    expect(await graded(await submitted(files))).toEqual(expected);
  });

  it.each<[string, Files, readonly string[]]>([
    ["one student", { "submissions/ada/x.ipynb": right }, ["ada"]],
    ["several", { "submissions/ada/x.ipynb": right, "submissions/ben/x.ipynb": right }, ["ada", "ben"]],
    [
      "Canvas's notebooks",
      { "submissions/ada_1_2_x.ipynb": right, "submissions/ben_3_4_x.ipynb": right },
      ["ada", "ben"],
    ],
    ["Gradescope's folders", { "assignment_7_export/submission_4/x.ipynb": right }, ["submission_4"]],
  ])("is found below a folder around all in an archive: %s", async (_, files, expected) => {
    const path = await submitted({ "class.zip": zip(files) });
    expect(Object.keys(await graded(join(path, "class.zip")))).toEqual(expected);
  });

  it("is one student to whom the LMS's exports of two assignments give one name", async () => {
    const train = Buffer.from(notebookOf("train-it", {}));
    const path = await submitted({
      [`hw1/${moodle("Ada", 1)}/a.ipynb`]: right,
      [`hw1/${moodle("Ben", 2)}/a.ipynb`]: right,
      [`hw2/${moodle("Ada", 8)}/a.ipynb`]: train,
      [`hw2/${moodle("Ben", 9)}/a.ipynb`]: train,
    });
    const { entries, problems } = await entriesOf(path);
    expect(entries.map(({ submission, assignment }) => `${submission.student} ${assignment}`)).toEqual([
      ...["Ada forward-pass", "Ben forward-pass", "Ada train-it", "Ben train-it"],
    ]);
    expect(problems).toEqual([]);
  });
});

describe("nothing that was handed in vanishes without a word:", () => {
  const read = async (files: Files) => {
    const { submissions, missing, problems } = await submissionsIn(await submitted(files));
    return { read: submissions.map(({ student, path }) => `${student}: ${path}`), problems, missing };
  };
  const ada = "Ada Lovelace_11_assignsubmission_file_";
  const ben = "Ben Bitdiddle_12_assignsubmission_file_";

  it("a zip in the LMS's zip is looked into", async () => {
    const inner = zip({ "forward-pass.ipynb": whole });
    const moodle = zip({ [`${ada}/work.zip`]: inner, [`${ben}/forward-pass.ipynb`]: whole });
    expect(await read({ "class.zip": moodle })).toEqual({
      read: [`Ada Lovelace: class/${ada}/work/forward-pass.ipynb`, `Ben Bitdiddle: class/${ben}/forward-pass.ipynb`],
      problems: [],
      missing: [],
    });
    const canvas = zip({ "lovelaceada_1_2_work.zip": inner, "babbage_LATE_3_4_work.ZIP": inner });
    const { submissions } = await submissionsIn(join(await submitted({ "canvas.zip": canvas }), "canvas.zip"));
    expect(submissions.map(({ student, late }) => [student, late])).toEqual([
      ["babbage", true],
      ["lovelaceada", false],
    ]);
  });

  it("a zip in it that unpacks to too much is left out, alone", async () => {
    const many = zip(Object.fromEntries([1, 2, 3, 4, 5].map((k) => [`${k}.zip`, most])));
    const found = await read({ "class.zip": zip({ "ada.zip": bomb, "ben.zip": zip({ "a.ipynb": whole }) }) });
    expect(found.read).toEqual(["class: class/ben/a.ipynb"]);
    expect(found.problems).toEqual(["“class/ada/a.ipynb” is larger than 50 MB and was left out."]);
    expect((await read({ "cyd/work.zip": many })).problems.join("\n")).toMatch(
      /work\/5\/a\.ipynb” was left out: .*200 MB/,
    );
  });

  it("a zip in a zip in a zip is told", async () => {
    const deep = zip({ "b.zip": zip({ "c.zip": zip({ "a.ipynb": whole }) }) });
    const { problems, missing } = await read({ "ada/work.zip": deep, "ben.ipynb": whole });
    expect(problems).toEqual(["“ada/work/b/c.zip” is a zip in a zip in a zip and was left out."]);
    expect(missing.map(({ student }) => student)).toEqual(["ada"]);
  });

  it.each(["forward-pass.ipynb.txt", "forward-pass.ipynb.json", "forward-pass.IPYNB"])(
    "%s is a notebook",
    async (name) => {
      expect(
        await read({ [`ada/${name}`]: whole, "ben/work.zip": zip({ [name]: whole }), [`cyd-${name}`]: whole }),
      ).toEqual({
        read: [`ada: ada/${name}`, `ben: ben/work/${name}`, `cyd-forward-pass: cyd-${name}`],
        problems: [],
        missing: [],
      });
    },
  );

  it.each<[string, Files, string, string]>([
    ["a folder with another file", { "ada/work.pdf": whole }, "ada", "ada"],
    ["a folder with a folder with another file", { "ada/hw1/work.pdf": whole, "notes.txt": whole }, "ada", "ada"],
    ["Moodle's folder", { [`${ada}/onlinetext.html`]: whole }, "Ada Lovelace", ada],
    ["Canvas's file", { "lovelaceada_1_2_work.pdf": whole }, "lovelaceada", "lovelaceada_1_2_work.pdf"],
    ["a zip", { "ada.zip": zip({ "src/work.ts": whole }) }, "ada", "ada.zip"],
    ["a zip that can't be read", { "ada.zip": Buffer.from("Rar!") }, "ada", "ada.zip"],
    ["a folder with a file of the system", { "ada/.ipynb_checkpoints/a.ipynb": whole }, "ada", "ada"],
    [
      "a folder in a class's zip",
      { "class.zip": zip({ "in/ada/a.txt": whole, "in/cyd/a.ipynb": whole, "in/dan/a.ipynb": whole }) },
      "ada",
      "class.zip/in/ada",
    ],
    [
      "Moodle's folder in a class's zip",
      { "class.zip": zip({ [`${ada}/a.txt`]: whole, [`${ben}/a.ipynb`]: whole }) },
      "Ada Lovelace",
      `class.zip/${ada}`,
    ],
  ])("%s without a notebook is told", async (_, files, student, place) => {
    const others: Files = "class.zip" in files ? {} : { "ben/hw1/a.ipynb": whole, "ben/hw2/b.ipynb": whole };
    const { missing } = await read({ ...files, ...others });
    const why = `There is no notebook in “${place}”. Ask for the assignment's file, whose name ends with .ipynb.`;
    expect(missing).toEqual([{ student, why }]);
  });

  it("an empty folder is told, and that nobody has handed in a notebook", async () => {
    const path = await submitted({ "ben/work.pdf": whole });
    mkdirSync(join(path, "ada"));
    expect((await submissionsIn(path)).missing.map(({ student }) => student)).toEqual(["ada", "ben"]);
  });
});

describe("who hands in more than the assignments", () => {
  const right = Buffer.from(notebookOf("forward-pass", { F1: "right" }));
  const lesson = (name: string) => readFileSync(join(root, "notebooks", name));
  const lessons = Object.fromEntries(
    readdirSync(join(root, "notebooks"))
      .filter((name) => name.endsWith(".ipynb"))
      .map((name) => [`backprop-by-hand/notebooks/${name}`, lesson(name)]),
  );
  const handedIn = async (files: Files) => {
    const { entries, problems } = await entriesOf(await submitted(files));
    const paths = entries.map(
      ({ submission, assignment }) => `${submission.student}, ${assignment}: ${submission.path}`,
    );
    return { paths, problems: problems.join("\n") };
  };

  it("and gives the whole course's folder, has the assignments graded and nothing else", async () => {
    const moodle = "Ada Lovelace_11_assignsubmission_file_";
    const assignments = "backprop-by-hand/notebooks/assignments";
    const work = zip({
      ...lessons,
      [`${assignments}/forward-pass.ipynb`]: right,
      [`${assignments}/train-it.ipynb`]: Buffer.from(notebookOf("train-it", {})),
    });
    const { paths, problems } = await handedIn({ [`${moodle}/work.zip`]: work });
    expect(paths).toEqual([
      `Ada Lovelace, forward-pass: ${moodle}/work/${assignments}/forward-pass.ipynb`,
      `Ada Lovelace, train-it: ${moodle}/work/${assignments}/train-it.ipynb`,
    ]);
    expect(problems).toMatch(
      /^“Ada Lovelace” handed in more than assignments; not graded, .*06-training\.ipynb[^\n]*$/,
    );
  });

  it("like a lesson with an assignment's name, has no assignment graded that is not there", async () => {
    const { paths } = await handedIn({
      "ada/a.ipynb": right,
      "ada/03-output-layer.ipynb": lesson("03-output-layer.ipynb"),
    });
    expect(paths).toEqual(["ada, forward-pass: ada/a.ipynb"]);
  });

  it("and an assignment that was cut off, is told so where that assignment is not there otherwise", async () => {
    const cut = right.subarray(0, 1000);
    const files = { "ada/a.ipynb": right, "ada/forward-pass.ipynb": cut, "ada/train-it.ipynb": cut };
    expect((await handedIn(files)).paths).toEqual([
      "ada, forward-pass: ada/a.ipynb",
      "ada, train-it: ada/train-it.ipynb",
    ]);
  });
});

/** Whether this machine lets us have a small disk of our own. */
const smallDisk = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status === 0;

describe("results that can't be written", async () => {
  const class_ = await submitted({ "ada/forward-pass.ipynb": "", "bob/forward-pass.ipynb": "" });
  const grade = (out: string, before: string) => {
    const command = [process.execPath, join(root, "src/setup/start.mjs"), "grade"];
    const args = [class_, "--out", out, "--secret", join(folder, "secret")];
    return spawnSync("unshare", ["-rm", "sh", "-c", `${before}; exec "$@"`, "sh", ...command, ...args], {
      cwd: root,
      encoding: "utf8",
    });
  };

  it.skipIf(!smallDisk)("because the disk is full, are one clear sentence, and nothing is half written", async () => {
    const out = await submitted({ "keep.txt": "" });
    const mounted = `mount -t tmpfs -o size=4k tmpfs ${out} && head -c 4096 /dev/zero > ${out}/full`;
    const { status, stderr } = grade(out, mounted);
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/the disk is full\. What is graded so far is kept; make room and start again/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(out)).toEqual(["keep.txt"]);
  });

  it.skipIf(!smallDisk)("because the folder may not be written to, are one clear sentence", async () => {
    const out = await submitted({ "keep.txt": "" });
    const { status, stderr } = grade(out, `mount -t tmpfs -o ro tmpfs ${out}`);
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/can't be written \((EROFS|ENOENT)\)\. Choose another --out, or change its rights/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("because a file stands in the way, are one clear sentence", async () => {
    const out = join(folder, "a-file");
    writeFileSync(out, "mine");
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, "src/setup/start.mjs"), "grade", class_, "--out", out, "--secret", join(folder, "secret")],
      { cwd: root, encoding: "utf8" },
    );
    expect(status, stderr).toBe(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(statSync(out).size).toBe(4);
  });
});
