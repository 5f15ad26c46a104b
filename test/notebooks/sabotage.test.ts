import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import type { Equation } from "../../src/equations/equation";
import { buildKernel } from "../../src/kernel/build.mjs";
import { codeCells, execute, mayFail, read, root, verdicts } from "./notebook";

const folder = mkdtempSync(join(tmpdir(), "sabotage-"));
beforeAll(() => buildKernel(root));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the project with a kernel of its own, in which the equation's function has the wrong sign. */
function sabotaged({ id, functionName, reference }: Equation): string {
  const copy = join(folder, id);
  mkdirSync(copy);
  for (const part of ["src", ".build/kernel", "data", "notebooks", "package.json", "tsconfig.json"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  const spec = JSON.parse(readFileSync(join(root, ".venv/share/jupyter/kernels/tslab/kernel.json"), "utf8"));
  spec.argv = spec.argv.map((arg: string) => arg.replace(root, copy));
  mkdirSync(join(copy, "jupyter/kernels/tslab"), { recursive: true });
  writeFileSync(join(copy, "jupyter/kernels/tslab/kernel.json"), JSON.stringify(spec));

  const file = join(copy, "src", reference.length > 0 && Number(id.slice(1)) <= 6 ? "forward.ts" : "backward.ts");
  const source = readFileSync(file, "utf8");
  const broken = source.replace(`export function ${functionName}(`, `function right_${functionName}(`);
  expect(broken).not.toBe(source);
  writeFileSync(
    file,
    `${broken}
export function ${functionName}(...args: any[]): any {
  const right: any = (right_${functionName} as any)(...args);
  return typeof right === "number" ? -right : right.scale(-1);
}
`,
  );
  return copy;
}

/** Runs the notebook that teaches the equation; says whether it stopped or showed a ✗ that its text does not expect. */
async function noticed(equation: Equation): Promise<boolean> {
  const copy = sabotaged(equation);
  const notebook = `${equation.notebook}.ipynb`;
  const { code, said } = await execute(copy, [notebook], join(copy, "out"));
  if (code !== 0) return said.includes(`${notebook} … ✗`);
  const cells = codeCells(read(join(copy, "out", notebook)));
  return cells.some((cell) => !mayFail(cell) && verdicts(cell).includes("✗"));
}

describe("with the sign of one equation turned round, the notebook that teaches it shows ✗ or stops", () => {
  for (const equation of equations) {
    const tags = equation.id === "E11" ? [] : ["slow"];
    it(`${equation.id} ${equation.functionName}`, { tags, timeout: 300_000 }, async () => {
      expect(await noticed(equation)).toBe(true);
    });
  }
});
