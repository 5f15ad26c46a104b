import { readFileSync } from "node:fs";
import { join } from "node:path";
import { called, everyCommands } from "./arguments.mjs";
import { commands } from "./commands.mjs";

const groups = { learn: "To learn", teach: "To teach", change: "To change the project" };

/**
 * All commands with a sentence each.
 *
 * @returns {string}
 */
export function listOfCommands() {
  const parts = Object.entries(groups).map(([to, title]) => {
    const rows = Object.entries(commands).filter(([, command]) => command.to === to);
    return `${title}\n${table(rows.map(([name, { does }]) => [called(name), does]))}`;
  });
  return parts.join("\n\n");
}

/**
 * How a command is called, and what each of its options does.
 *
 * @param {string} name
 * @returns {string}
 */
export function helpFor(name) {
  const { does, takes, options = {}, passesOn, note } = commands[name];
  const all = { ...options, ...everyCommands };
  const rows = Object.entries(all).map(([option, { value, short, does }]) => {
    return [`${short ? `-${short}, ` : ""}--${option}${value ? ` ${value}` : ""}`, does];
  });
  if (takes) rows.unshift([takes.name, takes.does]);
  if (passesOn) rows.push(["-- …", `what follows is for ${passesOn.program}`]);
  return [does, usage(name), table(rows), ...(note ? [note] : [])].join("\n\n");
}

/** @param {string} name */
function usage(name) {
  const { takes, options = {} } = commands[name];
  const words = Object.entries(options).map(([option, { value, required }]) => {
    const word = `--${option}${value ? ` ${value}` : ""}`;
    return required ? word : `[${word}]`;
  });
  if (takes) {
    const several = takes.most === 1 ? takes.name : `${takes.name} …`;
    words.unshift(takes.least ? several : `[${several}]`);
  }
  return words.length === 0 ? called(name) : `${called(name)} -- ${words.join(" ")}`;
}

/**
 * Two columns, the second broken into lines of the terminal's width.
 *
 * @param {string[][]} rows
 */
function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows
    .map(([name, does]) => {
      const lines = [""];
      for (const word of does.split(" ")) {
        const longer = `${lines[lines.length - 1]} ${word}`.trim();
        if (longer.length + width > 110) lines.push(word);
        else lines[lines.length - 1] = longer;
      }
      return `  ${name.padEnd(width - 2)}${lines.join(`\n${" ".repeat(width)}`)}`;
    })
    .join("\n");
}

/**
 * @param {import("./project.mjs").Project} project
 * @returns {string} such as "backprop-by-hand 0.1.0"
 */
export function versionOf({ root }) {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `${name} ${version}`;
}
