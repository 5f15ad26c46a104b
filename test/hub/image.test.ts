/** The image that `.binder` makes, as learners get it: with no network, read-only, for a user who is not root. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { project } from "../../src/setup/project.mjs";
import { handoutOf } from "./handout.mjs";
import { imageEnvironment, imageOf } from "./image.mjs";
import { describeOnHub } from "./installed";

const image = imageOf(project);
const parent = mkdtempSync(join(tmpdir(), "hub image "));
const home = join(parent, "jovyan");
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Runs a program of the image in a home directory, and returns what it says. */
function inImage(...command: string[]): string {
  const shown = [project.root, image.prefix].flatMap((path) => ["--ro-bind", path, path]);
  const sandbox = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", ...shown];
  const user = [
    "--unshare-user",
    "--uid",
    "1000",
    "--gid",
    "100",
    "--unshare-net",
    "--unshare-pid",
    "--die-with-parent",
  ];
  const { status, stdout, stderr } = spawnSync(
    "bwrap",
    [...user, ...sandbox, "--bind", home, home, "--chdir", home, "--", ...command],
    { env: imageEnvironment(image, home), encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return stdout;
}

/** Runs a notebook of one cell, and returns what it printed. */
function printedBy(folder: string, source: string): string {
  const cell = { id: "a", cell_type: "code", source, metadata: {}, outputs: [], execution_count: null };
  const metadata = { kernelspec: { name: "tslab", display_name: "" } };
  mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(
    join(home, folder, "n.ipynb"),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] }),
  );
  inImage("jupyter", "execute", "--inplace", join(home, folder, "n.ipynb"));
  const [run] = JSON.parse(readFileSync(join(home, folder, "n.ipynb"), "utf8")).cells;
  return run.outputs.map(({ text }: { text: string | string[] }) => [text].flat().join("")).join("");
}

const where =
  'import { gradB2, Matrix } from "./src";\nconsole.log(process.cwd(), gradB2(Matrix.fromRows([[1], [2]])).toRows());';

describeOnHub("the image, with a new volume for a home directory", () => {
  beforeEach(() => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
  });

  it("has a kernel that its Jupyter knows, run by a Node of its own", () => {
    const { kernelspecs } = JSON.parse(inImage("jupyter", "kernelspec", "list", "--json"));
    const [node] = kernelspecs.tslab.spec.argv;
    expect(node).toContain(image.prefix);
    expect(inImage(node, "--version")).toMatch(/^v2[0-9]\./);
  });

  it("runs a notebook that lies anywhere, with the image's src", () => {
    expect(printedBy("uploaded", where)).toBe(`${image.prefix}/share/backprop-by-hand [ [ 3 ] ]\n`);
  });

  it("runs a notebook of a pulled copy with that copy's src, which may be changed", () => {
    const copy = join(home, "backprop-by-hand");
    cpSync(handoutOf(project), copy, { recursive: true });
    expect(printedBy("backprop-by-hand/notebooks", where)).toBe(`${copy} [ [ 3 ] ]\n`);
    const mended = readFileSync(join(copy, "src/index.ts"), "utf8").concat("\nexport const mine = 'changed';\n");
    writeFileSync(join(copy, "src/index.ts"), mended);
    expect(printedBy("backprop-by-hand", 'import { mine } from "./src";\nconsole.log(mine);')).toBe("changed\n");
    expect(readlinkSync(join(copy, "node_modules"))).toBe(join(image.prefix, "share/backprop-by-hand/node_modules"));
  });

  it("leaves nothing of the image's own in the home directory", () => {
    inImage("jupyter", "lab", "--version");
    expect(readdirSync(home)).toEqual([]);
  });
});

describeOnHub("the image, with the repository for a home directory", () => {
  it("runs the notebooks there with the src that is there, as on Binder", () => {
    rmSync(home, { recursive: true, force: true });
    cpSync(image.home, home, { recursive: true });
    expect(printedBy("notebooks", where)).toBe(`${home} [ [ 3 ] ]\n`);
  });
});

describeOnHub("the image, and what students must not see", () => {
  it("has no solution in it, and no history", () => {
    const places = [image.home, join(image.prefix, "share/backprop-by-hand")];
    const found = spawnSync("grep", ["-rlE", "--include=*.ipynb", "BEGIN SOLUTION", ...places], { encoding: "utf8" });
    expect(found.stdout).toBe("");
    for (const place of places) {
      for (const name of [".git", "notebooks/instructor", "test"])
        expect(existsSync(join(place, name)), name).toBe(false);
    }
  });
});
