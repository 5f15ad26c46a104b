import { machine } from "../bench/machine.mjs";
import { holdClass } from "./classroom.mjs";
import { Hub } from "./hub.mjs";
import { MemoryWatch } from "./memory-watch.mjs";
import { processorTime } from "./processes.mjs";

/**
 * How a class fared. Times are in seconds, memory in bytes (proportional set size: shared pages are divided among those
 * that share them).
 *
 * @typedef {object} Figures
 * @property {string} when
 * @property {object} machine
 * @property {string} limit of each learner's memory
 * @property {number} learners
 * @property {number} arriving within which time they came
 * @property {number} whole from the first one's coming to the last one's end
 * @property {number[]} server from logging in until the server answers and the notebooks are there, for each learner
 * @property {number} again learners whose server had to be started more than once
 * @property {number[]} kernel from opening a notebook until its first cell has run, for each notebook
 * @property {number[]} cell of each other cell
 * @property {number[]} lesson of each learner who only worked, all notebooks together
 * @property {number[]} processor time of a processor, for each learner who only worked: server and kernels
 * @property {import("./memory-watch.mjs").Peak} peak when most was in use
 * @property {number} leastFree the machine's free memory at its least
 * @property {string[]} ended the Hub's words about processes that had more than they may
 * @property {string[]} problems what should not have been
 */

/**
 * Holds a class and looks at it from outside.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {import("./classroom.mjs").Habit[]} habits of each learner
 * @param {{ seconds: number, memory: string, notebooks?: readonly string[], say?: (line: string) => void }} options
 *   within which time they come, what each may have, what they work through
 * @returns {Promise<Figures>}
 */
export async function measureClass(project, habits, { seconds, memory, notebooks, say }) {
  const members = habits.map((habit, k) => ({ name: `learner-${k + 1}`, habit }));
  const hub = await Hub.start(project, { names: members.map(({ name }) => name), memory });
  try {
    const watch = new MemoryWatch(hub.pid);
    const started = performance.now();
    const outcomes = await holdClass(hub, members, { seconds, notebooks, say });
    const whole = (performance.now() - started) / 1000;
    const { peak, leastFree } = await watch.stop();
    const working = outcomes.filter(({ habit }) => habit === "works");
    const accounts = outcomes.flatMap(({ accounts }) => accounts);
    return {
      when: new Date().toISOString(),
      machine: machine(),
      limit: memory,
      learners: members.length,
      arriving: seconds,
      whole,
      server: outcomes.map(({ serverSeconds }) => serverSeconds),
      again: outcomes.filter(({ tries }) => tries > 1).length,
      kernel: accounts.map(({ kernelSeconds }) => kernelSeconds),
      cell: accounts.flatMap(({ cells }) => cells),
      lesson: working.map(({ accounts }) => accounts.reduce((sum, { seconds }) => sum + seconds, 0)),
      processor: working.map(({ name }) => hub.processesOf(name).reduce((sum, { pid }) => sum + processorTime(pid), 0)),
      peak,
      leastFree,
      ended: hub.log().match(/\S+ has \d+ MB: process \d+ is ended/g) ?? [],
      problems: outcomes.flatMap(({ name, habit, problems }) => problems.map((line) => `${name} (${habit}): ${line}`)),
    };
  } finally {
    await hub.stop();
  }
}
