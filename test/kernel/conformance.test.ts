import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { buildKernel } from "../../src/kernel/build.mjs";
import { installKernelspec } from "../../src/kernel/kernelspec.mjs";
import { ROOT } from "./project";

/** Each of these starts several kernels; some seconds on a free machine. */
const TIMEOUT = 240_000;

const VENV = join(ROOT, ".venv");
const PYTHON = join(VENV, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

beforeAll(async () => {
  expect(existsSync(PYTHON), "the Python environment; npm run setup makes it").toBe(true);
  await buildKernel(ROOT);
  installKernelspec(ROOT, VENV);
});

/** Runs a file of tests in Python, and says how many passed, and all that it wrote. */
async function unittest(file: string): Promise<{ code: number; text: string }> {
  const python = spawn(PYTHON, ["-m", "unittest", "-v", join(ROOT, "test", "kernel", file)], {
    cwd: join(ROOT, "test", "kernel"),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  let text = "";
  python.stdout.on("data", (data) => {
    text += data;
  });
  python.stderr.on("data", (data) => {
    text += data;
  });
  const [code] = await once(python, "close");
  return { code, text };
}

it("passes jupyter_kernel_test, and skips none of it", { timeout: TIMEOUT }, async () => {
  const { code, text } = await unittest("conformance_test.py");
  expect(code, text).toBe(0);
  expect(text).toMatch(/Ran 13 tests/);
  expect(text).not.toContain("skipped");
});

it("a program that executes notebooks is told when the kernel dies or a cell fails", { timeout: TIMEOUT }, async () => {
  const { code, text } = await unittest("death_test.py");
  expect(code, text).toBe(0);
});

it("other front ends run notebooks, cells and files, and come back", { timeout: 2 * TIMEOUT }, async () => {
  const { code, text } = await unittest("clients_test.py");
  expect(code, text).toBe(0);
  expect(text).toMatch(/Ran 7 tests/);
});
