import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Project, projectAt, project as thisProject } from "../../src/setup/project.mjs";
import { temporaryFolder } from "./temporary-folder.js";

/** What a set-up needs of a checkout. */
const parts = ["package.json", "package-lock.json", ".npmrc", "requirements.txt", "src/setup", "src/kernel"];
/** A registry that does not answer, and no other source of packages. */
const noNetwork = {
  npm_config_registry: "http://127.0.0.1:9",
  npm_config_prefer_offline: "false",
  PIP_INDEX_URL: "http://127.0.0.1:9",
  PIP_EXTRA_INDEX_URL: "",
  PIP_FIND_LINKS: "",
  PIP_CONFIG_FILE: devNull,
  // As `npm test --silent` sets it: the reason is to be said all the same.
  npm_config_loglevel: "silent",
};
const steps = ["npm packages", "Python packages in .venv", "JupyterLab's settings", "the notebooks' kernel"];

let folder: string;
let project: Project;

function start(env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(project.root, "src/setup/start.mjs")], {
    env: { ...process.env, ...env },
  });
  return { child, ended: outcomeOf(child) };
}

async function outcomeOf(child: ChildProcess) {
  let text = "";
  child.stdout?.on("data", (chunk) => (text += chunk));
  child.stderr?.on("data", (chunk) => (text += chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, text };
}

/** Sets up, and tells which steps had to run and why. */
async function mend() {
  const { code, text } = await start().ended;
  expect(text).not.toMatch(/failed/);
  expect(code).toBe(0);
  const ran = text.matchAll(/^\[\d\/\d\] (.+) \((.+)\) …$/gm);
  return Object.fromEntries([...ran].map(([, step, reason]) => [step, reason]));
}

beforeAll(() => {
  folder = temporaryFolder();
  project = projectAt(join(folder, "ein Ordner für Übungen"));
  for (const part of parts) cpSync(join(thisProject.root, part), join(project.root, part), { recursive: true });
});

it("a set-up says in one sentence that there is no network", async () => {
  const { code, text } = await start({ ...noNetwork, npm_config_cache: join(folder, "empty cache") }).ended;
  expect(code).toBe(1);
  expect(text).toMatch(/\nNo network: npm could not reach its package registry; .*\n$/);
  expect(text).not.toMatch(/^ +at /m);
});

// Installs everything, twice.
const slow = { tags: ["slow"], timeout: 300_000 };

describe("a set-up of a fresh copy, in a folder with spaces and umlauts,", slow, () => {
  it("goes on after it was killed, and two at once don't get into each other's way", async () => {
    const killed = start();
    await new Promise<void>((resolve) => {
      killed.child.stderr.on("data", (chunk) => String(chunk).includes("[1/4]") && resolve());
    });
    killed.child.kill("SIGKILL");
    await killed.ended;
    const both = await Promise.all([start().ended, start().ended]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const [worked, waited] = both[0].text.includes("waiting for it") ? [both[1], both[0]] : both;
    for (const step of steps) expect(worked.text).toMatch(new RegExp(`${step} \\(.*\\) …\n(.*\n)*? +done in`));
    expect(waited.text).not.toContain("done in");
  });

  it("then finds everything in place", async () => {
    expect((await start().ended).text).toMatch(/^Everything is in place\.\n\nNext: npm run lab /);
  });

  it("puts the project's own paths into the kernelspec", () => {
    const spec = JSON.parse(readFileSync(join(project.venv, "share/jupyter/kernels/tslab/kernel.json"), "utf8"));
    expect(spec.argv[0]).toBe(process.execPath);
    const main = spec.argv.find((argument: string) => argument.endsWith("main.cjs"));
    expect(existsSync(main)).toBe(true);
    expect(main.startsWith(project.root)).toBe(true);
  });

  it("mends a package that was deleted in part", async () => {
    rmSync(join(project.nodeModules, "typescript/lib"), { recursive: true });
    expect(await mend()).toEqual({ "npm packages": "node_modules/typescript/lib is missing" });
    expect(existsSync(join(project.nodeModules, "typescript/lib/typescript.js"))).toBe(true);
  });

  it("mends the kernelspec, the built kernel and the settings", async () => {
    const { venv, build } = project;
    rmSync(join(venv, "share/jupyter/kernels/tslab"), { recursive: true });
    rmSync(join(build, "kernel/main.cjs"));
    writeFileSync(join(venv, "etc/jupyter/jupyter_server_config.json"), "{");
    expect(await mend()).toEqual({
      "JupyterLab's settings": "changed",
      "the notebooks' kernel": "the kernelspec changed",
    });
    expect(existsSync(join(build, "kernel/main.cjs"))).toBe(true);
  });

  it.skipIf(process.platform === "win32")(
    "notices that its Python was taken away, also without a network",
    async () => {
      rmSync(project.python);
      symlinkSync("/usr/bin/python-that-was-upgraded-away", project.python);
      const { code, text } = await start(noNetwork).ended;
      expect(code).toBe(1);
      expect(text).toContain("Python packages in .venv (its Python does not run)");
      expect(text).toMatch(/\nNo network: pip could not reach its package registry; .*\n$/);
    },
  );

  it("makes .venv anew when the folder was moved", async () => {
    const moved = projectAt(join(folder, "moved"));
    renameSync(project.root, moved.root);
    project = moved;
    expect(Object.keys(await mend())).toEqual(steps.slice(1));
    expect(readFileSync(join(project.venv, "pyvenv.cfg"), "utf8")).not.toContain("Übungen");
  });
});
