import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { argumentsOf, changesBetween } from "../../src/setup/arguments.mjs";
import { commands } from "../../src/setup/commands.mjs";
import { helpFor, listOfCommands } from "../../src/setup/help.mjs";
import { Problem } from "../../src/setup/problem.mjs";
import { project } from "../../src/setup/project.mjs";

const { name: projectName, version, scripts } = JSON.parse(readFileSync(join(project.root, "package.json"), "utf8"));
const names = Object.keys(commands);

/** A command as npm runs it. */
function run(...args: string[]) {
  const start = join(project.root, "src/setup/start.mjs");
  return spawnSync(process.execPath, [start, ...args], { encoding: "utf8", cwd: project.root });
}

describe("the commands", () => {
  it("are package.json's scripts", () => {
    expect(scripts).toEqual(Object.fromEntries(names.map((name) => [name, `node src/setup/start.mjs ${name}`])));
  });

  it.each(names)("%s: its module is there, it is told in a sentence, and it says what to do next", (name) => {
    const { module, does, next } = commands[name];
    if (module !== undefined) expect(existsSync(join(project.root, module)), module).toBe(true);
    expect(does).toMatch(/^[A-Z].*\.$/);
    // What npm test says, it says before its last line, which has the numbers.
    const sentence = typeof next === "string" ? next : next({ values: { out: "DIR" }, positionals: [], rest: [] });
    if (name !== "test") expect(sentence).toMatch(/\S/);
    expect(listOfCommands()).toContain(does.split(" ").slice(0, 5).join(" "));
  });

  it.each(names)(
    "%s --help names every option, --version says which version it is",
    (name) => {
      const help = run(name, "--help");
      expect(help).toMatchObject({ status: 0, stderr: "", stdout: `${helpFor(name)}\n` });
      for (const option of Object.keys(commands[name].options ?? {})) expect(help.stdout).toContain(`--${option}`);
      expect(run(name, "--version")).toMatchObject({ status: 0, stderr: "", stdout: `${projectName} ${version}\n` });
    },
    30_000,
  );

  it.each(names)("%s refuses an option that it does not know", (name) => {
    const { status, stdout, stderr } = run(name, "--hlp");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /: there is no option --hlp\. The nearest is --help\.\n.* -- --help says what there is\.\n$/,
    );
  });

  it("npm run help lists them all", () => {
    const { status, stdout } = run("help");
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toContain(name === "test" ? "  npm test " : `  npm run ${name} `);
  });

  it("another name is told as one", () => {
    expect(run("labb").stderr).toBe("\nThere is no command labb. npm run help lists them.\n");
  });
});

describe("arguments", () => {
  const refused = (name: string, args: string[], env = {}) => {
    try {
      argumentsOf(name, args, env);
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      return (error as Problem).message.split("\n")[0];
    }
    return undefined;
  };

  it.each([
    ["lab", ["--frsh"], "npm run lab: there is no option --frsh. The nearest is --fresh."],
    ["grade", ["in", "--ou", "x"], "npm run grade: there is no option --ou. The nearest is --out."],
    ["test", ["--al"], "npm test: there is no option --al. The nearest is --all."],
    ["bench", ["-x"], "npm run bench: there is no option -x. The nearest is --only."],
    ["site", ["--out"], "npm run site: --out lacks its value: --out DIR."],
    ["site", ["--out="], "npm run site: --out lacks its value: --out DIR."],
    ["grade", ["in", "--out", "--merge"], "npm run grade: --out lacks its value: --out DIR."],
    ["lab", ["--fresh=yes"], "npm run lab: --fresh takes no value."],
    ["release", ["x"], "npm run release: x is one too many; it takes options alone."],
    ["study", ["a.csv", "b.csv"], "npm run study: b.csv is one too many."],
    ["lab", ["--constructor"], expect.stringMatching(/^npm run lab: there is no option --constructor\./)],
  ])("%s %j: %s", (name, args, sentence) => {
    expect(refused(name, args)).toEqual(sentence);
  });

  it("what a command can't do without is asked for", () => {
    expect(refused("grade", ["--out", "x"])).toMatch(/^npm run grade: SUBMISSIONS is missing: a folder of notebooks/);
    expect(refused("grade", ["in"])).toMatch(/^npm run grade: --out DIR is missing: where the grades/);
    expect(argumentsOf("grade", ["--help"]).values.help).toBe(true);
  });

  it("JupyterLab gets its own options as they were written", () => {
    const args = ["--fresh", "--port", "9", "--no-browser", "--ServerApp.token=a=b", "--", "--debug", "x"];
    const { values, rest } = argumentsOf("lab", args);
    expect(values.fresh).toBe(true);
    expect(rest).toEqual(["--port=9", "--no-browser", "--ServerApp.token=a=b", "--debug", "x"]);
  });

  it("Vitest gets files, a name, and all that stands behind two dashes", () => {
    const given = argumentsOf("test", ["test/a.test.ts", "-t", "E11", "--", "--bail", "1"]);
    expect(given).toMatchObject({ positionals: ["test/a.test.ts"], rest: ["--testNamePattern=E11", "--bail", "1"] });
  });

  it("behind two dashes, a file may be called like an option", () => {
    expect(argumentsOf("site", ["--out", "x", "--", "--odd.ipynb"]).positionals).toEqual(["--odd.ipynb"]);
  });

  it("an option that npm has kept for itself is missed", () => {
    const npm = { npm_lifecycle_event: "test", npm_config_all: "true" };
    expect(refused("test", [], npm)).toBe(
      "npm test: npm took --all for itself. Options go behind two dashes: npm test -- --all",
    );
    expect(refused("test", ["--all"], npm)).toBeUndefined();
    const bench = { npm_lifecycle_event: "bench", npm_config_peers: "" };
    expect(refused("bench", [], bench)).toContain("npm run bench -- --no-peers");
    expect(refused("site", [], npm)).toBeUndefined();
  });
});

it.each([
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["frsh", "fresh", 1],
  ["out", "out", 0],
])("from %j to %j: %i changes", (from, to, changes) => {
  expect(changesBetween(from, to)).toBe(changes);
  expect(changesBetween(to, from)).toBe(changes);
});
