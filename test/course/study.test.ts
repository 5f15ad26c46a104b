import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gain, KEYS, resultsTable, score, summary } from "../../src/course/study";
import { temporaryFolder } from "../setup/temporary-folder.js";

const header = "student,test,q1,q2,q3,q4,q5,q6,q7,q8,q9,q10";
const row = (student: string, test: string, answers: string) => [student, test, ...answers].join(",");

function scored(...rows: string[]) {
  const path = join(temporaryFolder(), "answers.csv");
  writeFileSync(path, [header, ...rows].join("\n"));
  return score(path);
}

describe("the class's tests", () => {
  it.each(["pre", "post"] as const)("%s: ten questions of four choices each, and an answer to each", (test) => {
    const text = readFileSync(new URL(`../../notebooks/instructor/${test}-test.md`, import.meta.url), "utf8");
    const questions = [...text.matchAll(/^\*\*(\d+)\.\*\* [^\n]+\n\n(a\)[^\n]+ b\)[^\n]+ c\)[^\n]+ d\)[^\n]+)$/gm)];
    expect(questions.map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(KEYS[test]).toMatch(/^[abcd]{10}$/);
  });
});

describe("npm run study", () => {
  it("counts what is right, and puts both tests side by side", () => {
    const study = scored(
      row("7", "pre", "abcccabdba"),
      row("7", "post", KEYS.post),
      row("8", "Pre", KEYS.pre.toUpperCase()),
      row("8", "post", "caabbbbadc"),
      row("9", "pre", " ".repeat(10)),
    );
    expect(study.problems).toEqual([]);
    expect(study.results).toEqual([
      { student: "7", pre: 8, post: 10 },
      { student: "8", pre: 10, post: 9 },
      { student: "9", pre: 0 },
    ]);
    expect(study.results.map(gain)).toEqual([1, undefined, undefined]);
    expect(resultsTable(study)).toBe("student,pre,post,gain\r\n7,8,10,1.000\r\n8,10,9,\r\n9,0,,\r\n");
    const lines = summary(study);
    expect(lines).toHaveLength(13);
    expect(lines.slice(0, 3)).toEqual([
      "3 took the pre-test, 2 the post-test, 2 both.",
      "Of those: 9.0 right of 10 before, 9.5 after.",
      "Mean gain: 1.00 of what was left to learn.",
    ]);
    expect(lines[3]).toBe("Question 1: 67 % right before, 100 % after.");
    expect(lines[12]).toBe("Question 10: 33 % right before, 50 % after.");
  });

  it("leaves out what it can't read, says why, and keeps the rest", () => {
    const study = scored(
      row("7", "pre", KEYS.pre),
      row("7", "pre", KEYS.pre),
      row("", "pre", KEYS.pre),
      row("8", "middle", KEYS.pre),
      row("9", "post", "eabcabcabc"),
    );
    expect(study.results).toEqual([{ student: "7", pre: 10 }]);
    expect(study.problems).toEqual([
      "line 3: 7 has a pre-test already; the row is left out",
      "line 4: student is empty; expected a name or a number; the row is left out",
      "line 5: test is “middle”; expected pre or post; the row is left out",
      "line 6: q1 is “e”; expected a, b, c, d or nothing; the row is left out",
    ]);
  });

  it("refuses a table with other columns", () => {
    const path = join(temporaryFolder(), "answers.csv");
    writeFileSync(path, "name,answers\n7,abc");
    expect(() => score(path)).toThrow("answers.csv, line 1: expected the columns student, test, q1");
  });
});
