import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findPython } from "../../src/setup/find-python.mjs";
import { temporaryFolder } from "./temporary-folder.js";

/** A folder with programs that answer as Pythons would, to be the whole PATH. */
function folderWith(answers: Record<string, { version: number[]; venv: boolean } | "broken">) {
  const folder = temporaryFolder();
  for (const [name, answer] of Object.entries(answers)) {
    const path = join(folder, name);
    const line =
      answer === "broken" ? "exit 9" : `echo '${JSON.stringify({ ...answer, executable: path, file: path })}'`;
    writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  return folder;
}

describe.skipIf(process.platform === "win32")("of the Pythons on the PATH", () => {
  it("the first that is new enough and makes virtual environments is taken", async () => {
    const PATH = folderWith({
      python3: { version: [3, 9, 1], venv: true },
      python: "broken",
      "python3.14": { version: [3, 14, 0], venv: false },
      "python3.12": { version: [3, 12, 1], venv: true },
      "python3.10": { version: [3, 10, 0], venv: true },
    });
    expect(await findPython({ PATH })).toMatchObject({ version: [3, 12, 1], executable: join(PATH, "python3.12") });
  });

  it("a too old one is named when there is no other", async () => {
    const PATH = folderWith({
      python3: { version: [3, 8, 18], venv: true },
      python: { version: [2, 7, 1], venv: false },
    });
    await expect(findPython({ PATH })).rejects.toThrow(
      `needs Python ≥ 3.10, and this is Python 3.8.18 (${PATH}/python3)`,
    );
  });

  it("one without venv is told the package that brings it", async () => {
    const PATH = folderWith({ python3: { version: [3, 11, 2], venv: false } });
    await expect(findPython({ PATH })).rejects.toThrow("apt install python3-venv");
  });

  it("where there is none, the sentence says so", async () => {
    await expect(findPython({ PATH: folderWith({}) })).rejects.toThrow("needs Python ≥ 3.10, and none was found");
  });

  it("the variable PYTHON decides", async () => {
    const PATH = folderWith({
      python3: { version: [3, 12, 1], venv: true },
      other: { version: [3, 13, 0], venv: true },
      old: { version: [3, 9, 0], venv: true },
    });
    expect(await findPython({ PATH, PYTHON: join(PATH, "other") })).toMatchObject({ version: [3, 13, 0] });
    await expect(findPython({ PATH, PYTHON: join(PATH, "old") })).rejects.toThrow("PYTHON names it");
    await expect(findPython({ PATH, PYTHON: join(PATH, "none") })).rejects.toThrow("does not run as a Python");
  });
});

it("this machine's Python describes itself", async () => {
  const { version, file } = await findPython();
  expect(version).toHaveLength(3);
  expect(file).not.toContain(".venv");
});
