/** Every package is declared, used and explained. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { projectFiles } from "../../src/course/release";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { dependencies, devDependencies, engines } = JSON.parse(read("package.json"));
const declared: Record<string, string> = { ...dependencies, ...devDependencies };
const page = read("docs/dependencies.md");

/** The sources, but for what installs packages of its own. */
const sources = projectFiles(root).filter(
  (file) =>
    /\.(ts|mjs|cjs)$/.test(file) && !/^test\/(bench|hub)\//.test(file) && !file.startsWith("src/engine/assembly/"),
);

/** Not imported, and used all the same: the program, the types or the configuration that names it. */
const named: Readonly<Record<string, [file: string, words: string]>> = {
  "@biomejs/biome": ["src/setup/tools.mjs", "@biomejs/biome/bin/biome"],
  "@stryker-mutator/core": ["test/mutation/run.mjs", '"@stryker-mutator", "core"'],
  "@stryker-mutator/vitest-runner": ["stryker.config.mjs", "@stryker-mutator/vitest-runner"],
  "@types/node": ["tsconfig.json", '"types": ["node"]'],
  "@types/sanitize-html": ["src/site/sanitised.ts", 'from "sanitize-html"'],
  buffer: ["src/site/live/buffer.ts", 'from "buffer"'],
  vite: ["vitest.config.ts", "vitest/config"],
};

/** The package that an import is of; undefined for a file of the project or of Node's. */
function packageOf(specifier: string): string | undefined {
  if (/^[./#$]|^node:/.test(specifier) || builtinModules.includes(specifier.split("/")[0])) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const imported = new Set(
  sources.flatMap((file) => {
    const text = read(file);
    const { importedFiles } = ts.preProcessFile(text, true, true);
    const resolved = [...text.matchAll(/(?:require|resolve|import)\("([^"\n]+)"\)/g)].map(([, specifier]) => specifier);
    return [...importedFiles.map(({ fileName }) => fileName), ...resolved]
      .map(packageOf)
      .filter((name) => name !== undefined);
  }),
);

describe("packages", () => {
  it.each(Object.entries(declared))("%s is pinned, used, and in docs/dependencies.md as %s", (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(page).toContain(`| \`${name}\` | ${version} | `);
    const [file, words] = named[name] ?? [];
    expect(imported.has(name) || (file !== undefined && read(file).includes(words)), "is used").toBe(true);
  });

  it("the page has no others", () => {
    const rows = [...page.matchAll(/^\| `([^`]+)` \| \d/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(Object.keys(declared).sort());
  });

  it("what notebooks import at run time is no development package", () => {
    const rooms = sources.filter((file) =>
      /^src\/(?!course|site|setup|kernel\/(?:build|browser)|engine\/build)/.test(file),
    );
    const needed = new Set(
      rooms.flatMap((file) =>
        ts.preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => packageOf(fileName)),
      ),
    );
    expect(Object.keys(devDependencies).filter((name) => needed.has(name))).toEqual([]);
  });
});

describe("the versions that are said to be enough", () => {
  it("are the same wherever they stand", () => {
    const node = /const oldestNode = "([\d.]+)"/.exec(read("src/setup/node-version.mjs"))?.[1];
    const python = /const oldestPython = \[(\d+), (\d+)\]/.exec(read("src/setup/find-python.mjs"))?.slice(1).join(".");
    expect(engines.node).toBe(`>=${node}`);
    for (const file of ["README.md", "docs/platforms.md"]) {
      expect(read(file).replaceAll(/\]\([^)]*\)|\[|\*\*/g, ""), file).toContain(`Node ≥ ${node}`);
      expect(read(file).replaceAll(/\]\([^)]*\)|\[|\*\*/g, ""), file).toContain(`Python ≥ ${python}`);
    }
    const workflow = read(".github/workflows/ci.yml");
    expect(workflow).toContain(`node: ["${node}", "22", "24", "26"]`);
    for (const version of ["3.10", "3.11", "3.12", "3.13", "3.14"]) expect(workflow).toContain(`"${version}"`);
  });
});
