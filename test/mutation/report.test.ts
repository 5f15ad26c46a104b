import { describe, expect, it } from "vitest";
import { judge } from "./report.mjs";

const source = "const a = 1;\nif (a > 0) {\n  b();\n}\n";

/** One mutant of line 2, `a > 0` turned into `a >= 0`. */
function results(status: string) {
  const location = { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } };
  return { files: { "src/x.ts": { source, mutants: [{ status, replacement: "a >= 0", location }] } } };
}

const entry = "# Equivalent\n\n## src/x.ts\n\n```diff\n- if (a > 0) {\n+ if (a >= 0) {\n```\n";

describe("the verdict on a mutation run", () => {
  it.each(["Killed", "Timeout", "RuntimeError"])("passes when every mutant is noticed: %s", (status) => {
    const { text, passed } = judge(results(status), "# Equivalent\n");
    expect(passed).toBe(true);
    expect(text).toContain("100.0 %  src/x.ts  (1 noticed, 0 not, 0 equivalent)");
  });

  it.each(["Survived", "NoCoverage"])("fails on a mutant that lives and is not listed: %s", (status) => {
    const { text, passed } = judge(results(status), "# Equivalent\n");
    expect(passed).toBe(false);
    expect(text).toContain("0.0 %  src/x.ts  (0 noticed, 1 not, 0 equivalent)");
    expect(text).toContain(
      "Neither noticed by a test nor listed as equivalent:\n  src/x.ts\n  - if (a > 0) {\n  + if (a >= 0) {",
    );
  });

  it.each(["Survived", "Timeout"])("passes when it is listed with a proof: %s", (status) => {
    const { text, passed } = judge(results(status), `${entry}\na is 1.\n`);
    expect(passed).toBe(true);
    expect(text).toContain("(0 noticed, 0 not, 1 equivalent)");
  });

  it("takes an entry for one mutant only", () => {
    const [location, replacement] = [{ start: { line: 1, column: 5 }, end: { line: 1, column: 10 } }, "a >= 0"];
    const mutants = [1, 2].map((line) => ({
      status: "Survived",
      replacement,
      location: { start: { ...location.start, line }, end: { ...location.end, line } },
    }));
    const twice = { files: { "src/x.ts": { source: "if (a > 0) {\nif (a > 0) {\n", mutants } } };
    expect(judge(twice, `${entry}\na is 1.\n`).text).toContain("(0 noticed, 1 not, 1 equivalent)");
  });

  it("fails when it is listed without a proof, or under another file, or with another change", () => {
    expect(judge(results("Survived"), entry).text).toContain("Listed as equivalent without a proof:");
    for (const wrong of [
      entry,
      `${entry}\na is 1.`.replace("src/x.ts", "src/y.ts"),
      `${entry}\na is 1.`.replace(">=", "<"),
    ]) {
      expect(judge(results("Survived"), wrong).passed).toBe(false);
    }
  });

  it("fails when the list holds a mutant that is noticed after all", () => {
    const { text, passed } = judge(results("Killed"), `${entry}\na is 1.`);
    expect(passed).toBe(false);
    expect(text).toContain("Listed as equivalent, but not among the survivors:\n  src/x.ts\n  - if (a > 0) {");
  });

  it("knows a change over several lines by its text, however it is laid out", () => {
    const location = { start: { line: 2, column: 12 }, end: { line: 4, column: 2 } };
    const mutants = [{ status: "Survived", replacement: "{}", location }];
    const list = "## src/x.ts\n\n```diff\n- if (a > 0) {\n-     b();\n- }\n+ if (a > 0) {}\n```\n\nb does nothing.\n";
    expect(judge({ files: { "src/x.ts": { source, mutants } } }, list).passed).toBe(true);
  });
});
