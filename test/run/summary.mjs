import { existsSync, readFileSync, rmSync } from "node:fs";
import { Problem } from "../../src/setup/problem.mjs";
import { slowOnes, tally } from "./tally.mjs";

/** What was run, how it ended and how long it took: said at the end, when what came between has scrolled away. */
export class Summary {
  /** @type {string[]} */
  #lines = [];
  /** @type {import("./tally.mjs").Report[]} */
  #reports = [];
  #failedChecks = 0;
  #failed = false;
  #all;

  /** @param {{ all: boolean }} options whether the slow tests run, too */
  constructor({ all }) {
    this.#all = all;
  }

  /**
   * @param {string} name
   * @param {() => Promise<number>} run resolves to an exit code
   * @param {number} [started] when, if that was before
   */
  async check(name, run, started) {
    if (!(await this.#time(name, run, started))) this.#failedChecks += 1;
  }

  /**
   * @param {string} name
   * @param {string} report where Vitest leaves its results
   * @param {() => Promise<number>} run
   */
  async tests(name, report, run) {
    rmSync(report, { force: true });
    const passed = await this.#time(name, run);
    if (existsSync(report)) this.#reports.push(JSON.parse(readFileSync(report, "utf8")));
    else if (!passed) this.#failedChecks += 1;
  }

  /**
   * @param {string} name
   * @param {() => Promise<number>} run
   * @param {number} [started]
   * @returns {Promise<boolean>} whether it passed
   */
  async #time(name, run, started = performance.now()) {
    console.log(`\n━━ ${name}`);
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

  /** @returns {number} the exit code */
  close() {
    const leftOut = this.#all ? 0 : slowOnes(this.#reports);
    if (leftOut > 0) this.#lines.push(`Left out: ${leftOut} slow tests; npm test -- --all runs them, too.`);
    console.log(`\n${this.#lines.join("\n")}\n${tally(this.#reports, { failedChecks: this.#failedChecks, leftOut })}`);
    return this.#failed ? 1 : 0;
  }
}
