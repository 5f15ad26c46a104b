/**
 * One step of the set-up.
 *
 * @typedef {object} Step
 * @property {string} title what it puts in place
 * @property {() => Promise<string | undefined>} reason why it has to run now; undefined when its result is in place
 * @property {(run: import("./run-process.mjs").Run) => Promise<void>} perform puts it there, or throws
 */
