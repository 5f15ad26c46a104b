import { parseArgs } from "node:util";
import { commands } from "./commands.mjs";
import { Problem } from "./problem.mjs";

/** Every command has them. @type {Record<string, import("./commands.mjs").Option>} */
export const everyCommands = {
  help: { short: "h", does: "say this" },
  version: { does: "say which version this is" },
};

/**
 * What a command is given, read as its entry in `commands` says.
 *
 * @param {string} name of the command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] npm leaves there what it has kept for itself
 * @returns {import("./commands.mjs").Given}
 * @throws {Problem} if it knows no such option, or one lacks its value, or too much or too little is there
 */
export function argumentsOf(name, args, env = {}) {
  const { options: own = {}, takes, passesOn } = commands[name];
  const options = { ...own, ...everyCommands };
  const { values, tokens } = parseArgs({
    args,
    options: Object.fromEntries(
      Object.entries(options).map(([long, { value, short }]) => [
        long,
        { type: value === undefined ? "boolean" : "string", ...(short && { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const wrong = (/** @type {string} */ sentence) =>
    new Problem(`${called(name)}: ${sentence}\n${calledWith(name, "--help")} says what there is.`);

  const [positionals, rest] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? args.length;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.index > end && passesOn) continue;
    if (token.kind === "positional") {
      positionals.push(token.value);
      continue;
    }
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) {
      if (!passesOn?.also?.test(token.name)) throw wrong(unknown(token.rawName, Object.keys(options)));
      rest.push(args[token.index]);
      continue;
    }
    const { value } = option;
    if (value === undefined && token.value !== undefined) throw wrong(`--${token.name} takes no value.`);
    const looksLikeOption = !token.inlineValue && token.value?.startsWith("-");
    if (value !== undefined && (!token.value || looksLikeOption)) {
      throw wrong(`--${token.name} lacks its value: --${token.name} ${value}.`);
    }
    if (option.passedOn) rest.push(value === undefined ? `--${token.name}` : `--${token.name}=${token.value}`);
  }
  if (passesOn) rest.push(...args.slice(end + 1));
  const given = { values, positionals, rest };
  if (values.help || values.version) return given;

  const kept = Object.keys(own).find((option) => keptByNpm(option, env));
  if (kept !== undefined && env.npm_lifecycle_event === name && values[kept] === undefined) {
    throw wrong(`npm took --${kept} for itself. Options go behind two dashes: ${calledWith(name, `--${kept}`)}`);
  }
  const { least = 0, most = Number.POSITIVE_INFINITY } = takes ?? { most: 0 };
  if (positionals.length > most) {
    throw wrong(`${positionals[most]} is one too many${most === 0 ? "; it takes options alone" : ""}.`);
  }
  if (positionals.length < least) throw wrong(`${takes?.name} is missing: ${takes?.does}.`);
  for (const [option, { required, value, does }] of Object.entries(own)) {
    if (required && values[option] === undefined) throw wrong(`--${option} ${value} is missing: ${does}.`);
  }
  return given;
}

/**
 * A command as a person calls it.
 *
 * @param {string} name
 */
export function called(name) {
  return name === "test" ? "npm test" : `npm run ${name}`;
}

/**
 * @param {string} name
 * @param {string} args
 */
export function calledWith(name, args) {
  return `${called(name)} -- ${args}`;
}

/**
 * Without the two dashes, an option of a script is one of npm's, which leaves it in the environment.
 *
 * @param {string} option
 * @param {NodeJS.ProcessEnv} env
 */
function keptByNpm(option, env) {
  const negated = /^no-(.+)/.exec(option)?.[1];
  const variable = (/** @type {string} */ word) => env[`npm_config_${word.toLowerCase().replaceAll("-", "_")}`];
  return negated === undefined ? Boolean(variable(option)) : variable(negated) === "";
}

/**
 * @param {string} option as it was written, like --frsh
 * @param {string[]} known without dashes
 */
function unknown(option, known) {
  const nearest = known
    .map((name) => ({ name, changes: changesBetween(option.replace(/^-+/, ""), name) }))
    .reduce((best, other) => (other.changes < best.changes ? other : best));
  return `there is no option ${option}. The nearest is --${nearest.name}.`;
}

/**
 * How many letters have to be put in, taken out or changed to make one word of another (Levenshtein's distance). Written here,
 * since it has to work before anything is installed.
 *
 * @param {string} from
 * @param {string} to
 */
export function changesBetween(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= to.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1));
    }
  }
  return row[to.length];
}
