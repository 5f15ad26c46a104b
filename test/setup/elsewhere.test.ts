/** Windows and macOS, as far as they can be simulated on Linux. */
import { ChildProcess, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { projectFiles } from "../../src/course/release";
import { commands } from "../../src/setup/commands.mjs";
import { project } from "../../src/setup/project.mjs";
import { temporaryFolder } from "./temporary-folder.js";

const files = projectFiles(project.root);
const text = (file: string) => readFileSync(join(project.root, file), "utf8");

describe("no shell", () => {
  const start = join(project.root, "src/setup/start.mjs");
  /** Programs by their full names alone: no shell, no npm, no git. */
  const bare = () => {
    const bin = temporaryFolder();
    symlinkSync(project.python, join(bin, "python3"));
    return { PATH: bin };
  };

  it("commands run where there is none", () => {
    for (const args of [["help"], ["lint", "--", "package.json"], ["site", "--out", temporaryFolder(), "gone.ipynb"]]) {
      const { error, stderr } = spawnSync(process.execPath, [start, ...args], {
        env: bare(),
        encoding: "utf8",
        cwd: project.root,
      });
      expect(error).toBeUndefined();
      expect(stderr, args.join(" ")).not.toMatch(/ENOENT|\n\s+at /);
    }
  });

  it("none is asked for, and scripts are Node's alone", () => {
    const modules = Object.values(commands)
      .map(({ module }) => module)
      .filter((module) => module !== undefined);
    const programs = [...files.filter((file) => /^src\/(setup|site|kernel)\/.*\.(mjs|ts)$/.test(file)), ...modules];
    for (const file of programs) {
      expect(text(file), file).not.toMatch(/\bshell: (?!false)|\bexecSync\(|[^.\w]exec\(|import \{[^}]*\bexec\b/);
    }
    for (const script of Object.values(JSON.parse(text("package.json")).scripts)) {
      expect(script).toMatch(/^node src\/setup\/start\.mjs [\w-]+$/);
    }
  });

  it("npm and Python are found without one", async () => {
    const { npmCli } = await import("../../src/setup/npm-step.mjs");
    const { findPython } = await import("../../src/setup/find-python.mjs");
    expect(npmCli()).toMatch(/npm-cli\.js$/);
    expect((await findPython(bare())).version[0]).toBe(3);
  });
});

describe("drive letters and backslashes", () => {
  const windows = "C:\\Users\\Ada Lovelace\\backprop by hand";
  const { platform } = process;

  beforeEach(() => {
    vi.resetModules();
    vi.doMock("node:path", async () => {
      const { win32 } = await vi.importActual<typeof import("node:path")>("node:path");
      return { ...win32, default: win32 };
    });
    Object.defineProperty(process, "platform", { value: "win32" });
  });
  afterEach(() => {
    Object.defineProperty(process, "platform", { value: platform });
    vi.doUnmock("node:path");
    vi.resetModules();
  });

  it("the project's parts are where Windows has them", async () => {
    const { projectAt } = await import("../../src/setup/project.mjs");
    expect(projectAt(windows)).toEqual({
      root: windows,
      nodeModules: `${windows}\\node_modules`,
      venv: `${windows}\\.venv`,
      python: `${windows}\\.venv\\Scripts\\python.exe`,
      build: `${windows}\\.build`,
    });
  });

  it("Python's programs come first in a Path of semicolons, whatever its capitals", async () => {
    const { projectAt } = await import("../../src/setup/project.mjs");
    const { pythonEnvironment } = await import("../../src/setup/python-environment.mjs");
    const env = pythonEnvironment(projectAt(windows), { Path: "C:\\Windows;D:\\bin" });
    expect(env.Path).toBe(`${windows}\\.venv\\Scripts;C:\\Windows;D:\\bin`);
    expect(env).not.toHaveProperty("PATH");
  });

  it("a module's bundle has a name that a disk can hold, and messages name files with slashes", async () => {
    const { projectAt } = await import("../../src/setup/project.mjs");
    const { bundleOf } = await import("../../src/setup/load-typescript.mjs");
    const { installFailure } = await import("../../src/setup/failure.mjs");
    const here = projectAt(windows);
    expect(bundleOf(here, "src/course/release")).toBe(`${windows}\\.build\\modules\\src-course-release.mjs`);
    expect(installFailure("npm", "odd", here).message).toContain(".build/set-up.log");
  });

  it("nothing is imported by a path with a drive letter, which Node takes for an address", () => {
    for (const file of files.filter((file) => /^(src|test\/(run|bench|hub|mutation))\/.*\.mjs$/.test(file))) {
      expect(text(file), file).not.toMatch(/import\((join|resolve|`\$\{)/);
      expect(text(file), file).not.toMatch(/new URL\([^)]*import\.meta\.url\)\.pathname/);
    }
  });
});

describe("checkouts with CRLF", () => {
  it("have the same bytes: Git is told to leave lines as they are", () => {
    const folder = `${temporaryFolder()}/`;
    const config = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"];
    const git = spawnSync("git", [...config, "checkout-index", "--all", `--prefix=${folder}`], {
      cwd: project.root,
      encoding: "utf8",
    });
    expect(git.status, git.stderr).toBe(0);
    const texts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(ts|mjs|json|md|ipynb|py|ya?ml)$/.test(file),
    );
    expect(texts.length).toBeGreaterThan(300);
    expect(texts.filter((file) => readFileSync(join(folder, file), "utf8").includes("\r\n"))).toEqual([]);
  }, 60_000);
});

describe("no signals", () => {
  it("a program is ended with the command that runs it, also where ending leaves it no say, and nothing stays behind", async () => {
    const { runInForeground } = await import("../../src/setup/run-process.mjs");
    const { kill } = ChildProcess.prototype;
    // Windows ends a program outright, whatever signal is named.
    const spy = vi.spyOn(ChildProcess.prototype, "kill").mockImplementation(function (this: ChildProcess) {
      return kill.call(this, "SIGKILL");
    });
    onTestFinished(() => spy.mockRestore());
    const listeners = process.listenerCount("SIGHUP");
    const deaf = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000);';
    const code = await runInForeground(process.execPath, ["-e", deaf], {
      cwd: project.root,
      env: process.env,
      // Closing the window is what Node tells of as SIGHUP, on Windows, too.
      say: () => void process.emit("SIGHUP"),
    });
    expect(code).not.toBe(0);
    expect(spy).toHaveBeenCalled();
    expect(process.listenerCount("SIGHUP")).toBe(listeners);
  });

  it("no command needs to send one: a child is ended by Node's kill alone, which Windows has", () => {
    const programs = files.filter((file) => /^src\/(setup|site)\/.*\.mjs$/.test(file));
    for (const file of programs) {
      // Signal 0 only asks whether a process is there.
      expect(text(file), file).not.toMatch(/process\.kill\([^)]*"SIG/);
    }
  });
});

describe("disks that are blind to capitals", () => {
  it("no two files differ by capitals or accents' encoding alone", () => {
    const folded = files.map((file) => file.normalize("NFC").toLowerCase());
    expect(folded.filter((file, k) => folded.indexOf(file) !== k)).toEqual([]);
    expect(files.filter((file) => file !== file.normalize("NFC"))).toEqual([]);
  });

  it("every file has a name that Windows can hold, and none is long", () => {
    const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
    const odd = files.filter((file) => {
      const parts = file.split("/");
      return file.length > 120 || parts.some((part) => reserved.test(part) || /[<>:"\\|?*]|[. ]$/.test(part));
    });
    expect(odd).toEqual([]);
  });

  it("every import within the project is written as the file is", () => {
    const known = new Set(files);
    const wrong = files
      .filter((file) => /^src\/.*\.(ts|mjs)$/.test(file))
      .flatMap((file) => {
        const specifiers = [...text(file).matchAll(/^(?:import|export) [^"'`]*?from "(\.[^"]+)"/gm)].map(
          ([, specifier]) => specifier,
        );
        return specifiers.map((specifier) => ({ file, specifier, path: join(file, "..", specifier) }));
      })
      .filter(({ path }) => {
        const plain = path.replace(/\.js$/, "");
        return ![path, `${plain}.ts`, `${path}/index.ts`, `${plain}.mjs`].some((candidate) => known.has(candidate));
      })
      .map(({ file, specifier }) => `${file} → ${specifier}`);
    expect(wrong).toEqual([]);
  });
});
