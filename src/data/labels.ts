/** Class ids, one-hot rows and probabilities, and how to get from one to another. */
import { kindOf, Matrix, numbersOf } from "../matrix";
import { checkOneHot, checkShapes, checkWhole } from "../shapes";

/**
 * One-hot rows: y_ij = 1 if sample i is of class j, else 0.
 *
 * @param labels N class ids, whole numbers from 0 to classes − 1
 * @param classes C, the number of classes
 * @returns N×C
 * @throws if labels is empty, classes is not a whole number ≥ 1, or a label is no class id:
 *   `oneHot: labels[3] is 12; expected a class id from 0 to 9`
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Matrix {
  checkWhole("oneHot", "classes", classes, 1);
  if (typeof labels !== "object" || labels === null) {
    throw new TypeError(`oneHot: labels is ${kindOf(labels)}; expected an array of class ids`);
  }
  if (labels.length === 0) throw new RangeError("oneHot: labels is empty; expected at least one class id");
  const Y = Matrix.zeros(labels.length, classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(`oneHot: labels[${i}] is ${String(label)}; expected a class id from 0 to ${classes - 1}`);
    }
    Y.data[i * classes + label] = 1;
  }
  return Y;
}

/**
 * The most probable class of each sample: argmax_j A2_ij. Of equal ones the first is taken.
 *
 * @param A2 N×C, probabilities; logits or one-hot rows will do as well
 * @returns N class ids
 * @throws if an entry is NaN or infinite
 */
export function predict(A2: Matrix): number[] {
  checkShapes("predict(A2)", A2);
  const a = numbersOf(A2);
  return Array.from({ length: A2.rows }, (_, i) => {
    const start = i * A2.cols;
    let best = 0;
    for (let j = 1; j < A2.cols; j++) if (a[start + j] > a[start + best]) best = j;
    return best;
  });
}

/**
 * The share of samples whose most probable class is the true one.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns a number from 0 to 1
 * @throws if shapes do not fit or Y is not one-hot
 */
export function accuracy(A2: Matrix, Y: Matrix): number {
  checkShapes("accuracy(A2, Y)", A2, Y);
  checkOneHot("accuracy", "Y", Y);
  const y = numbersOf(Y);
  const right = predict(A2).filter((label, i) => y[i * Y.cols + label] === 1);
  return right.length / A2.rows;
}
