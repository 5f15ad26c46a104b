/** What is taken for what. */
import { kindOf } from "../../matrix";
import { checkClassIds } from "./arguments";
import { Chart, spoken } from "./chart";
import { colours, sequential } from "./theme";

/**
 * The confusion matrix: how many samples of the true class (row) are read as the predicted class (column). What is right stands
 * on the diagonal.
 *
 * @param labels N class ids, the true ones
 * @param predicted N class ids, from `predict(A2)`
 * @param classNames C names; class ids from 0 to the largest when left out
 * @throws if one of the two is no list of class ids, they differ in length or are empty, an id is not a class, or `classNames` is no
 *   array or empty
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classNames?: readonly string[],
): Chart {
  if (classNames !== undefined && !Array.isArray(classNames)) {
    throw new TypeError(`confusionMatrix: classNames is ${kindOf(classNames)}; expected an array, a name per class`);
  }
  if (classNames?.length === 0) throw new RangeError("confusionMatrix: classNames is empty; expected a name per class");
  checkClassIds("confusionMatrix", "labels", labels, classNames?.length);
  checkClassIds("confusionMatrix", "predicted", predicted, classNames?.length);
  if (labels.length !== predicted.length || labels.length === 0) {
    throw new RangeError(
      `confusionMatrix: labels has ${labels.length} entries and predicted ${predicted.length}; expected as many, and some`,
    );
  }
  const largest = [...Array.from(labels), ...Array.from(predicted)].reduce((a, b) => Math.max(a, b));
  const names = classNames ?? Array.from({ length: largest + 1 }, (_, k) => String(k));
  const counts = names.map(() => names.map(() => 0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predicted[i]]++;
  const rows = counts.flatMap((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count, j) => ({
      true: names[i],
      predicted: names[j],
      count,
      share: total === 0 ? 0 : count / total,
      right: i === j,
    }));
  });
  const right = rows.filter((row) => row.right).reduce((sum, { count }) => sum + count, 0);
  const worst = rows
    .filter((row) => !row.right)
    .reduce((a, b) => (b.count > a.count ? b : a), { ...rows[0], count: 0 });
  const size = Math.min(420, Math.max(200, 42 * names.length));
  const nominal = (field: string, title: string) => ({
    field,
    type: "nominal",
    sort: names,
    title,
    scale: { domain: names, paddingInner: 0.04 },
    axis: { labelAngle: 0, domain: false, ticks: false },
  });
  const x = nominal("predicted", "predicted class: argmax of A2");
  const y = nominal("true", "true class: y");
  return new Chart({
    title: "What is taken for what",
    subtitle: "Rows: the true class. Right answers stand on the diagonal; colour is the share of the row.",
    description: `Confusion matrix of ${labels.length} samples: ${right} right (${spoken((100 * right) / labels.length)} %)${
      worst.count > 0 ? `; most often ${worst.true} is taken for ${worst.predicted}, ${worst.count} times` : ""
    }.`,
    spec: {
      width: size,
      height: size,
      data: { values: rows },
      encoding: { x: { ...x, axis: { ...x.axis, orient: "top" } }, y },
      layer: [
        {
          transform: [{ filter: "datum.count > 0" }],
          mark: { type: "rect" },
          encoding: {
            opacity: {
              field: "share",
              type: "quantitative",
              scale: { domain: [0, 1], range: [0.18, 1] },
              legend: null,
            },
            color: {
              condition: { test: "datum.right", value: sequential[4] },
              value: colours.wrong,
            },
            tooltip: [
              { field: "true", type: "nominal", title: "true class" },
              { field: "predicted", type: "nominal", title: "predicted class" },
              { field: "count", type: "quantitative", title: "samples" },
              { field: "share", type: "quantitative", title: "share of the true class", format: ".1~%" },
            ],
          },
        },
        {
          mark: { type: "text", fontSize: 13 },
          encoding: {
            text: { field: "count", type: "quantitative", format: "d" },
            color: {
              condition: [
                { test: "datum.count === 0", value: "#b6bec7" },
                { test: "datum.share > 0.5", value: colours.paper },
              ],
              value: colours.ink,
            },
          },
        },
      ],
    },
  });
}
