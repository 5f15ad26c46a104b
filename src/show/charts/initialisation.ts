/** What the first weights do to a run. */
import type { InitialisationScheme } from "../../initialise";
import { kindOf } from "../../matrix";
import type { History } from "../../train";
import { checkHistory } from "./arguments";
import { type Chart, type Part, spoken } from "./chart";
import { lines } from "./lines";
import { palette } from "./theme";

const WORDS: Readonly<Record<InitialisationScheme, { name: string; colour: string }>> = {
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
  for (const scheme of schemes) checkHistory("initialisationComparison", `runs.${scheme}`, runs[scheme]!);
  const rows = new Map<number, Record<string, number>>();
  for (const scheme of schemes) {
    for (const { epoch, training } of runs[scheme]!) {
      rows.set(epoch, { ...rows.get(epoch), epoch, [scheme]: training.loss });
    }
  }
  const ends = schemes.map((scheme) => {
    const history = runs[scheme]!;
    return `${scheme} goes from ${spoken(history[0].training.loss)} to ${spoken(history[history.length - 1].training.loss)}`;
  });
  return lines({
    title: "The first weights decide how training goes",
    subtitle: "The same network, data and order of samples; only the size of the first weights differs.",
    description: `Training loss by initialisation, on a logarithmic axis: ${ends.join("; ")}.`,
    rows: [...rows.values()].sort((a, b) => a.epoch - b.epoch) as Part[],
    x: { field: "epoch", title: "epoch (passes over the training samples)", whole: true },
    y: { title: "training loss (in nats)", log: true },
    series: schemes.map((scheme) => ({ field: scheme, ...WORDS[scheme], dashed: scheme !== "he" })),
    legendColumns: 2,
  });
}
