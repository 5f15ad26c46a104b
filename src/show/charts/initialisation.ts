/** What the first weights do to a run. */
import type { InitialisationScheme } from "../../initialise";
import { kindOf } from "../../matrix";
import type { History } from "../../train";
import { checkHistory } from "./arguments";
import type { Chart } from "./chart";
import { lineChartOf } from "./lines";
import { epochsOf } from "./runs";
import { type Expression, palette } from "./theme";

const WORDS: Readonly<Record<InitialisationScheme, { name: string; colour: Expression }>> = {
  zeros: { name: "zeros: only b2 ever gets a gradient", colour: palette.black },
  small: { name: "too small: signals and gradients fade", colour: palette.orange },
  he: { name: "He: signals keep their size", colour: palette.blue },
  large: { name: "too large: sure and wrong from the start", colour: palette.vermillion },
};

/**
 * The training loss of runs that differ only in how their weights were initialised, on a logarithmic axis, with why.
 *
 * @param runs histories by scheme, at least one
 * @throws if there is no run, a scheme is unknown, or a history is empty or no array of records
 */
export function initialisationComparison(runs: Readonly<Partial<Record<InitialisationScheme, History>>>): Chart {
  if (typeof runs !== "object" || runs === null) {
    throw new TypeError(`initialisationComparison: runs is ${kindOf(runs)}; expected histories by scheme`);
  }
  const unknown = Object.keys(runs).find((scheme) => !Object.hasOwn(WORDS, scheme));
  if (unknown !== undefined) {
    throw new RangeError(
      `initialisationComparison: runs has "${unknown}"; expected schemes among ${Object.keys(WORDS).join(", ")}`,
    );
  }
  const schemes = (Object.keys(WORDS) as InitialisationScheme[]).filter((scheme) => runs[scheme] !== undefined);
  if (schemes.length === 0) {
    throw new RangeError(
      "initialisationComparison: runs is empty; expected histories by scheme: zeros, small, he, large",
    );
  }
  const named = schemes.map((scheme) => {
    checkHistory("initialisationComparison", `runs.${scheme}`, runs[scheme]!);
    return { name: scheme, history: runs[scheme]! };
  });
  return lineChartOf({
    title: "The first weights decide how training goes",
    subtitle: "The same network, data and order of samples; only the size of the first weights differs.",
    what: `Training loss over ${epochsOf(named)} by initialisation, on a logarithmic axis`,
    x: { title: "epoch (passes over the training samples)", whole: true },
    y: { title: "training loss (in nats)", log: true },
    lines: named.map(({ name, history }) => ({
      ...WORDS[name],
      points: history.map(({ epoch, training }) => ({ x: epoch, y: training.loss })),
      dashed: name !== "he",
    })),
  });
}
