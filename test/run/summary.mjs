import { existsSync, readFileSync, rmSync } from "node:fs";
import { Problem } from "../../src/setup/problem.mjs";
import { failedTests, slowOnes, tally } from "./tally.mjs";

/** What was run, how it ended and how long it took: said at the end, when what came between has scrolled away. */
export class Summary {
  /** @type {string[]} */
  #lines = [];
  /** @type {import("./tally.mjs").Report[]} */
  #reports = [];
  #failedChecks = 0;
  #failed = false;
  /** How many slow tests were left out. */
  #leftOut = 0;

  /**
   * @param {string} name
   * @param {() => Promise<number>} run resolves to an exit code
   */
  async check(name, run) {
    if (!(await this.#time(name, run))) this.#failedChecks += 1;
  }

  /**
   * @param {string} name
   * @param {string} report where Vitest leaves its results
   * @param {boolean} quick whether slow tests are left out
   * @param {() => Promise<number>} run
   */
  async tests(name, report, quick, run) {
    rmSync(report, { force: true });
    const passed = await this.#time(name, run);
    if (existsSync(report)) {
      const results = JSON.parse(readFileSync(report, "utf8"));
      this.#reports.push(results);
      if (quick) this.#leftOut += slowOnes(results);
    } else if (!passed) {
      this.#failedChecks += 1;
    }
  }

  /**
   * @param {string} name
   * @param {() => Promise<number>} run
   * @returns {Promise<boolean>} whether it passed
   */
  async #time(name, run) {
    console.log(`\n━━ ${name}`);
    const started = performance.now();
    let passed = false;
    try {
      passed = (await run()) === 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      console.error(error.message);
    }
    this.#lines.push(`${passed ? "✓" : "✗"} ${name}  (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    if (!passed) this.#failed = true;
    return passed;
  }

  /**
   * @param {string} [note] to be said before the last line, with # for the number of slow tests that were left out
   * @returns {number} the exit code
   */
  close(note) {
    if (note) this.#lines.push(note.replace("#", String(this.#leftOut)));
    const counts = tally(this.#reports, { failedChecks: this.#failedChecks, leftOut: this.#leftOut });
    const failed = this.#reports.flatMap(failedTests);
    if (failed.length > 0) this.#lines.push("Next: npm test -- FILE runs a file of tests alone, at once.");
    if (failed.length > 0) console.log(`\n━━ what failed\n${failed.join("\n")}`);
    console.log(`\n${this.#lines.join("\n")}\n${counts}`);
    return this.#failed ? 1 : 0;
  }
}
