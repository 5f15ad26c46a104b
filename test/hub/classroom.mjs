/** A class on a JupyterHub: who comes when, what each does, and what became of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Learner } from "./learner.mjs";
import { lessons, workThrough } from "./lesson.mjs";

/** What learners do besides working, or instead of it. */
export const habits = {
  works: "works through the notebooks",
  interrupts: "has a loop without an end, interrupts it, and works on",
  kills: "kills the kernel in the middle of a notebook, and begins it again",
  fills: "fills the memory until the kernel is ended, and works on",
  disconnects: "loses the network in the middle of a cell, and comes back",
  loops: "does the first notebook, and then runs a loop without an end until all others have gone",
};

/** @typedef {keyof typeof habits} Habit */

/** The learners of a class: ten that just work, then one of each other kind, and so on. */
const order = /** @type {Habit[]} */ ([
  ...Array(10).fill("works"),
  ...Object.keys(habits).filter((habit) => habit !== "works"),
]);

/**
 * @param {number} size
 * @returns {Habit[]} of learner 1, 2, …
 */
export function habitsOf(size) {
  return Array.from({ length: size }, (_, k) => order[k % order.length]);
}

/**
 * What became of a learner.
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {Habit} habit
 * @property {number} tries how often the server had to be started
 * @property {number} serverSeconds from logging in until the server answers and the notebooks are there
 * @property {number} seconds from logging in to the end
 * @property {import("./lesson.mjs").Account[]} accounts of the notebooks that were worked through
 * @property {string[]} problems
 */

const endless = "while (true) {}";
const hoarding = "const hoard: Float64Array[] = [];\nfor (;;) hoard.push(new Float64Array(1e6).fill(1));";

/**
 * Lets a class work.
 *
 * @param {import("./hub.mjs").Hub} hub
 * @param {readonly { name: string, habit: Habit }[]} members
 * @param {{ seconds: number, notebooks?: readonly string[], say?: (line: string) => void }} options
 *   within which time they come, and what they work through
 * @returns {Promise<Outcome[]>}
 */
export async function holdClass(hub, members, { seconds, notebooks = lessons, say = () => {} }) {
  let working = members.filter(({ habit }) => habit !== "loops").length;
  /** @type {() => void} */
  let dismiss = () => {};
  const end = new Promise((done) => {
    dismiss = () => done(undefined);
    if (working === 0) dismiss();
  });
  return Promise.all(
    members.map(async ({ name, habit }, k) => {
      await pause((seconds * 1000 * k) / members.length);
      const outcome = await attend(hub, { name, habit, notebooks, end });
      say(
        `${name} (${habit}): ${outcome.seconds.toFixed(0)} s${outcome.problems.map((line) => `\n  ${line}`).join("")}`,
      );
      if (habit !== "loops") {
        working -= 1;
        if (working === 0) dismiss();
      }
      return outcome;
    }),
  );
}

/**
 * @param {import("./hub.mjs").Hub} hub
 * @param {{ name: string, habit: Habit, notebooks: readonly string[], end: Promise<unknown> }} member
 * @returns {Promise<Outcome>}
 */
async function attend(hub, { name, habit, notebooks, end }) {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const learner = new Learner(hub, name);
  /** @type {Outcome} */
  const outcome = { name, habit, tries: 0, serverSeconds: 0, seconds: 0, accounts: [], problems: [] };
  const note = `What ${name} wants to keep.\n`;
  try {
    if (!(await learner.logIn())) throw new Error("may not log in");
    outcome.tries = await learner.startServer();
    await learner.pull();
    outcome.serverSeconds = since();
    await learner.saveText("note.md", note);
    for (const [k, notebook] of notebooks.entries()) {
      if (habit === "loops" && k > 0) break;
      // The second one, if there is one: the first is saved by then.
      const misbehaves = k === Math.min(1, notebooks.length - 1);
      const account = await (misbehaves ? besides[habit] : workThrough)(learner, notebook);
      outcome.accounts.push(account);
      outcome.problems.push(...account.problems);
    }
    outcome.seconds = since();
    if (habit === "loops") {
      const kernel = await learner.openKernel("loop.ipynb");
      kernel.run(endless).catch(() => {}); // it ends with the server
      await end;
    }
  } catch (error) {
    outcome.problems.push(String(error));
  } finally {
    learner.leave();
  }
  outcome.problems.push(...lost(hub, outcome, note));
  return outcome;
}

/** @type {Record<Habit, (learner: Learner, notebook: string) => Promise<import("./lesson.mjs").Account>>} */
const besides = {
  works: workThrough,
  loops: workThrough,
  async interrupts(learner, notebook) {
    const account = await workThrough(learner, notebook, async (kernel, cell, cells) => {
      if (cell !== half(cells)) return;
      const loop = kernel.run(endless);
      await pause(2000);
      await kernel.interrupt();
      const { status } = await loop;
      if (status !== "error") throw new Error(`An interrupted loop says ${status}`);
    });
    return account;
  },
  async kills(learner, notebook) {
    const kernel = await learner.openKernel("kill.ipynb");
    await kernel.survive('process.kill(process.pid, "SIGKILL");');
    await kernel.close();
    return workThrough(learner, notebook);
  },
  async fills(learner, notebook) {
    const kernel = await learner.openKernel("fill.ipynb");
    await kernel.survive(hoarding);
    await kernel.close();
    return workThrough(learner, notebook);
  },
  async disconnects(learner, notebook) {
    return workThrough(learner, notebook, async (kernel, cell, cells) => {
      if (cell !== half(cells)) return;
      const slow = kernel.run('await new Promise((done) => setTimeout(done, 3000));\nconsole.log("still here");');
      await pause(500);
      learner.disconnect();
      await pause(5000);
      learner.reconnect();
      const { outputs } = await slow;
      if (outputs[0]?.text !== "still here\n") throw new Error(`Lost with the network: ${JSON.stringify(outputs)}`);
    });
  },
};

/** @param {number} cells */
function half(cells) {
  return Math.floor(cells / 2);
}

/**
 * @param {import("./hub.mjs").Hub} hub
 * @param {Outcome} outcome
 * @param {string} note
 * @returns {string[]} what is not on the disk as it was saved
 */
function lost(hub, { name, accounts }, note) {
  const home = hub.home(name);
  const gone = accounts
    .filter(({ path, saved }) => !isDeepStrictEqual(outputsOf(saved), outputsOf(JSON.parse(readIn(home, path)))))
    .map(({ path }) => `${path} is not as it was saved`);
  return readIn(home, "note.md") === note ? gone : [...gone, "note.md is not as it was saved"];
}

/** @param {string} home @param {string} path */
function readIn(home, path) {
  try {
    return readFileSync(join(home, path), "utf8");
  } catch {
    return "null";
  }
}

/** @param {any} notebook */
function outputsOf(notebook) {
  return notebook?.cells.map((/** @type {any} */ { source, outputs }) => ({
    source: [source].flat().join(""),
    outputs: outputs?.map((/** @type {any} */ { output_type, text, data }) => ({
      output_type,
      text: [text ?? ""].flat().join(""),
      plain: [data?.["text/plain"] ?? ""].flat().join(""),
    })),
  }));
}
