/** The rooms of the house, and who may import whom: imports point one way. What a room is for, src/README.md says. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const src = resolve(import.meta.dirname, "../src");

const language = ["matrix.ts", "shapes.ts", "random.ts"];
/** They may import each other, but for circles, which Biome finds. */
const chapters = ["forward.ts", "backward.ts", "initialise.ts", "gradcheck.ts", "train.ts"];
const samples = ["data/samples.ts", "data/labels.ts"];
const maths = [
  ...language,
  ...samples,
  ...chapters,
  "verify.ts",
  ...["data", "formula", "oracles", "equations", "verification", "notes", "progress"],
];

/** What each room and each file of the ground floor may import, beside what is in the same room. Each names rows above it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "matrix.ts": [],
  "shapes.ts": ["matrix.ts"],
  "random.ts": ["matrix.ts", "shapes.ts"],
  ...Object.fromEntries(samples.map((file) => [file, language])),
  ...Object.fromEntries(chapters.map((chapter) => [chapter, [...language, ...samples]])),
  data: [...language, ...samples, "forward.ts"],
  formula: language,
  oracles: [...language, "gradcheck.ts", "formula"],
  equations: [...language, "forward.ts", "backward.ts", "formula", "oracles"],
  verification: [...language, "data", "formula", "oracles", "equations"],
  "verify.ts": [...language, ...samples, "equations", "verification"],
  notes: ["random.ts", "formula", "oracles"],
  progress: ["backward.ts", "train.ts", "equations", "verification", "verify.ts"],
  engine: language,
  show: [...maths, "engine"],
  "index.ts": [...maths, "engine", "show"],
  kernel: [],
  setup: ["kernel"],
  course: [...maths, "show", "kernel", "setup"],
  site: [...maths, "show", "kernel", "setup", "course"],
};

/** The sources, but for what is compiled to WebAssembly. */
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|mjs)$/.test(file) && !file.startsWith("engine/assembly/"));

const isFile = (path: string) => existsSync(join(src, path)) && statSync(join(src, path)).isFile();

/** Where a relative import leads, from src. */
function target(from: string, specifier: string): string {
  const path = normalize(join(dirname(from), specifier)).replaceAll("\\", "/");
  const found = [path, `${path}.ts`, `${path}/index.ts`].find(isFile);
  if (found === undefined) throw new Error(`${from} imports ${specifier}, and no such file is in src`);
  return found;
}

/** All imports within src, types and those at run time among them. */
const imports = files.flatMap((from) => {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(src, from), "utf8"), true, true);
  const specifiers = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
  return specifiers.map((specifier) => ({ from, to: target(from, specifier) }));
});

const roomOf = (file: string) => (samples.includes(file) ? file : file.split("/")[0]);

describe("the ground floor", () => {
  const names = readdirSync(src);

  it("holds the textbook, file by file, and nothing else", () => {
    const onIt = names.filter(isFile);
    expect(onIt.filter((name) => name !== "README.md").sort()).toEqual(
      Object.keys(allowed)
        .filter((name) => /^\w+\.ts$/.test(name))
        .sort(),
    );
  });

  it("has the rooms of the house around it, and no others", () => {
    const rooms = Object.keys(allowed).filter((name) => !name.endsWith(".ts"));
    expect(names.filter((name) => !isFile(name)).sort()).toEqual(rooms.sort());
  });
});

describe("imports point one way:", () => {
  const rooms = Object.keys(allowed);

  it.each(rooms)("%s imports what lies below it alone", (room) => {
    const others = imports.filter(({ from, to }) => roomOf(from) === room && roomOf(to) !== room);
    const chapter = (file: string) => chapters.includes(file);
    const wrong = others
      .filter(({ from, to }) => !(chapter(from) && chapter(to)))
      .filter(({ to }) => !allowed[room].includes(to) && !allowed[room].includes(roomOf(to)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  it("each row of the table names rows above it", () => {
    for (const [k, room] of rooms.entries()) {
      for (const other of allowed[room]) expect(rooms.slice(0, k), `${room} → ${other}`).toContain(roomOf(other));
    }
  });
});

describe("the kernel's core knows no host:", () => {
  const core = files.filter((file) => /^kernel\/(core|compiler)\//.test(file));

  it("it is there", () => expect(core.length).toBeGreaterThan(25));

  it.each(core)("%s needs nothing of Node's and nothing of a browser's", (file) => {
    const text = readFileSync(join(src, file), "utf8");
    const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    expect(specifiers.filter((name) => !name.startsWith(".") && name !== "typescript")).toEqual([]);
    const leaves = specifiers.filter((name) => name.startsWith(".")).map((name) => target(file, name));
    expect(leaves.filter((name) => !/^kernel\/(core|compiler)\//.test(name))).toEqual([]);
    const code = ts.transpile(text, { target: ts.ScriptTarget.ESNext, removeComments: true });
    expect(code).not.toMatch(/\b(process|Buffer|__dirname|window|document|self)\b(?=[.[(])/);
  });
});

/** The house as CONTRIBUTING.md draws it: what lies together on the ground floor is one box, and an arrow leads to what is imported. */
describe("the drawing in CONTRIBUTING.md", () => {
  const boxes: Readonly<Record<string, readonly string[]>> = {
    "the language: matrix, shapes, random": language,
    "samples and labels": samples,
    "the chapters: forward, backward, initialise, train, gradcheck": chapters,
  };
  const boxOf = (file: string) => {
    const together = Object.entries(boxes).find(([, files]) => files.includes(file));
    return together?.[0] ?? (file.includes("/") ? `${file.split("/")[0]}/` : file);
  };

  /** Everything that each box imports. */
  const direct = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [importer, imported] = [boxOf(from), boxOf(to)];
    if (!direct.has(imported)) direct.set(imported, new Set());
    if (importer !== imported) direct.set(importer, (direct.get(importer) ?? new Set()).add(imported));
  }
  const names = [...direct.keys()].sort();

  /** Whether a way leads from one box to another, by way of a third. */
  const byOthers = (from: string, to: string) =>
    [...(direct.get(from) ?? [])].some((next) => next !== to && leads(next, to));
  const leads = (from: string, to: string): boolean => direct.get(from)?.has(to) === true || byOthers(from, to);

  it("is made from the imports; `npm test -- test/house.test.ts -- --update` draws it again", async () => {
    const box = (name: string) => `b${names.indexOf(name)}`;
    const arrows = names.flatMap((from) =>
      [...(direct.get(from) ?? [])]
        .filter((to) => !byOthers(from, to))
        .sort()
        .map((to) => `  ${box(from)} --> ${box(to)}`),
    );
    const drawing = ["flowchart TD", ...names.map((name) => `  ${box(name)}["${name}"]`), ...arrows].join("\n");
    const page = readFileSync(resolve(src, "../CONTRIBUTING.md"), "utf8");
    const drawn = page.replace(/(```mermaid\n).*?(\n```)/s, (_, begin, end) => `${begin}${drawing}${end}`);
    await expect(drawn).toMatchFileSnapshot("../CONTRIBUTING.md");
  });
});
