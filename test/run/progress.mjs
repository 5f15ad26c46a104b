import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { minutes, timeLeft } from "./estimate.mjs";

/** @typedef {import("vitest/reporters").Reporter} Reporter */

/** How often it says how far the tests are, in ms. */
const beat = 20_000;

/**
 * A reporter for Vitest: says at the start how long the tests will take, judging by the last time, and while they run how
 * far they are. The last time is in `.build/test-times.json`, of the quick tests and of all by themselves.
 *
 * @implements {Reporter}
 */
export default class Progress {
  /** Of each file that has not ended, when it started. @type {Map<string, number | undefined>} */
  #files = new Map();
  /** What each file took, in ms. @type {Record<string, number>} */
  #last = {};
  /** @type {Record<string, number>} */
  #now = {};
  #workers = 1;
  #root = "";
  #kind = "";
  #started = 0;
  #wasHere = false;
  /** @type {NodeJS.Timeout | undefined} */
  #clock;

  /** @param {import("vitest/node").Vitest} vitest */
  onInit({ config }) {
    this.#root = config.root;
    this.#workers = Number(config.maxWorkers);
    this.#kind = `${config.tagsFilter ? "quick" : "all"}, Node ${process.versions.node}`;
    this.#last = this.#stored()[this.#kind] ?? {};
  }

  /** @param {readonly import("vitest/node").TestSpecification[]} specifications */
  onTestRunStart(specifications) {
    this.#started = performance.now();
    this.#files = new Map(specifications.map(({ moduleId }) => [this.#name(moduleId), undefined]));
    const timed = [...this.#files.keys()].filter((file) => file in this.#last).length;
    this.#wasHere = timed > this.#files.size / 2;
    this.#say(
      `${this.#files.size} test files, ${this.#wasHere ? `about ${this.#left()} as the last time` : "for the first time here"}`,
    );
    this.#clock = setInterval(() => this.#sayHowFar(), beat).unref();
  }

  /** @param {import("vitest/node").TestModule} module */
  onTestModuleQueued({ moduleId }) {
    this.#files.set(this.#name(moduleId), performance.now());
  }

  /** @param {import("vitest/node").TestModule} module */
  onTestModuleEnd({ moduleId }) {
    const file = this.#name(moduleId);
    this.#now[file] = Math.round(performance.now() - (this.#files.get(file) ?? this.#started));
    this.#files.delete(file);
    // At once: a run that is interrupted has learnt something, too.
    const times = { ...this.#stored(), [this.#kind]: { ...this.#last, ...this.#now } };
    mkdirSync(dirname(this.#store), { recursive: true });
    writeFileSync(this.#store, JSON.stringify(times, undefined, 1));
  }

  onTestRunEnd() {
    clearInterval(this.#clock);
  }

  #sayHowFar() {
    const now = performance.now();
    const done = Object.keys(this.#now).length;
    const running = [...this.#files]
      .filter(([, started]) => started !== undefined)
      .map(([file, started]) => `${file} (${minutes(now - Number(started))})`);
    const left = this.#wasHere ? `, about ${this.#left()} to go` : "";
    this.#say(
      `${minutes(now - this.#started)}: ${done} of ${done + this.#files.size} files${left}; in ${running.join(", ")}`,
    );
  }

  #left() {
    return minutes(timeLeft({ files: this.#files, last: this.#last, now: this.#now, workers: this.#workers }));
  }

  /** @param {string} line */
  #say(line) {
    console.log(`── ${line}`);
  }

  /** @param {string} moduleId */
  #name(moduleId) {
    return relative(this.#root, moduleId).replaceAll("\\", "/");
  }

  get #store() {
    return join(this.#root, ".build", "test-times.json");
  }

  /** @returns {Record<string, Record<string, number>>} */
  #stored() {
    try {
      return JSON.parse(readFileSync(this.#store, "utf8"));
    } catch {
      // No test has run here before.
      return {};
    }
  }
}
