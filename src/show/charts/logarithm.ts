/** What the logarithm does to a probability. */
import { Chart, spoken } from "./chart";
import { colours, palette, WIDTH } from "./theme";

const HEIGHT = 300;
const MOST = 5;
/** Half of the tangent that is drawn, in pixels. */
const TANGENT = 90;

/**
 * −ln p, the loss of a sample whose true class has the probability p, with a slider for p: the value there, and the slope −1/p.
 *
 * @param p the probability to start at, above 0 and at most 1
 * @throws if p is out of range
 */
export function negativeLog(p: number): Chart {
  if (!Number.isFinite(p) || p <= 0 || p > 1) {
    throw new RangeError(`negativeLog: p is ${String(p)}; expected a probability above 0 and at most 1`);
  }
  // the tangent keeps its length on the screen, however steep it is
  const reach = `${TANGENT} / sqrt(pow(width, 2) + pow(${HEIGHT / MOST} / p, 2))`;
  const x = { type: "quantitative", title: "p, the probability A₂ of the true class", scale: { domain: [0, 1] } };
  const y = { type: "quantitative", title: "−ln p, the sample’s loss Lᵢ (in nats)", scale: { domain: [0, MOST] } };
  return new Chart({
    title: "−ln p: small probabilities of what is true cost dearly",
    subtitle:
      "The slope −1/p is ∂Lᵢ/∂A₂ for the true class: steep where the network is wrong, nearly flat where it is right.",
    description: `The curve −ln p for p from 0 to 1; at p = ${spoken(p)} it is ${spoken(-Math.log(p) || 0)} and its slope is ${spoken(-1 / p)}. A slider moves p.`,
    spec: {
      width: WIDTH,
      height: HEIGHT,
      params: [{ name: "p", value: p, bind: { input: "range", min: 0.01, max: 1, step: 0.01, name: "p " } }],
      layer: [
        {
          data: { sequence: { start: 0.005, stop: 1.0001, step: 0.005, as: "at" } },
          transform: [{ calculate: "-log(datum.at)", as: "loss" }],
          mark: { type: "line", color: palette.blue, clip: true },
          encoding: { x: { field: "at", ...x }, y: { field: "loss", ...y } },
        },
        {
          data: { values: [{ side: -1 }, { side: 1 }] },
          transform: [
            { calculate: `p + datum.side * ${reach}`, as: "at" },
            { calculate: "-log(p) - (datum.at - p) / p", as: "loss" },
          ],
          mark: { type: "line", color: colours.backward, strokeWidth: 2, strokeDash: [6, 3], clip: true, aria: false },
          encoding: { x: { field: "at", ...x }, y: { field: "loss", ...y } },
        },
        {
          data: { values: [{}] },
          transform: [
            { calculate: "p", as: "at" },
            { calculate: "-log(p)", as: "loss" },
            { calculate: "'p = ' + format(p, '.3~g')", as: "first" },
            { calculate: "'−ln p = ' + replace(format(-log(p) + 0, '.3~f'), '-', '−')", as: "second" },
            { calculate: "'slope −1/p = −' + format(1 / p, '.3~g')", as: "third" },
          ],
          layer: [
            {
              mark: { type: "rule", color: colours.quiet, strokeDash: [2, 3], aria: false },
              encoding: { x: { field: "at", ...x }, y: { field: "loss", ...y }, y2: { datum: 0 } },
            },
            {
              mark: { type: "point", filled: true, size: 110, color: colours.backward, opacity: 1, clip: true },
              encoding: { x: { field: "at", ...x }, y: { field: "loss", ...y } },
            },
            ...["first", "second", "third"].map((field, line) => ({
              mark: { type: "text", align: "right", fontSize: 15, fontWeight: line === 0 ? 600 : 400 },
              encoding: {
                x: { value: { expr: "width - 12" } },
                y: { value: 24 + 22 * line },
                text: { field, type: "nominal" },
                color: { value: line === 2 ? colours.backward : colours.ink },
              },
            })),
          ],
        },
        // nothing to see: pointing anywhere at a p reads the curve there
        {
          data: { sequence: { start: 0.005, stop: 1.0001, step: 0.005, as: "at" } },
          transform: [
            { calculate: "-log(datum.at)", as: "loss" },
            { calculate: "-1 / datum.at", as: "slope" },
          ],
          mark: { type: "rule", color: "transparent", strokeWidth: 4, aria: false },
          encoding: {
            x: { field: "at", ...x },
            tooltip: [
              { field: "at", type: "quantitative", title: "p", format: ".3~f" },
              { field: "loss", type: "quantitative", title: "−ln p", format: ".3~f" },
              { field: "slope", type: "quantitative", title: "slope −1/p", format: ".3~g" },
            ],
          },
        },
      ],
    },
  });
}
