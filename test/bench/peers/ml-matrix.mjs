/** ml-matrix, float64: the equations in its methods. Those that are no `static` ones work in place. */
import { Matrix } from "ml-matrix";
import { contest, oneByOne } from "../contestant.mjs";

contest(({ N, D, H, C, learningRate, ...numbers }) => {
  const matrix = (name, rows, cols) => Matrix.from1DArray(rows, cols, numbers[name]);
  const [X, Y] = [matrix("X", N, D), matrix("Y", N, C)];
  const [W1, W2] = [matrix("W1", D, H), matrix("W2", H, C)];
  const [b1, b2] = [matrix("b1", 1, H), matrix("b2", 1, C)];
  return oneByOne(() => {
    const Z1 = X.mmul(W1).addRowVector(b1);
    const A1 = Matrix.max(Z1, Matrix.zeros(N, H));
    const Z2 = A1.mmul(W2).addRowVector(b2);
    const exps = Z2.subColumnVector(Z2.max("row")).clone().exp();
    const sums = exps.sum("row");
    const A2 = exps.divColumnVector(sums);
    const loss = (sums.reduce((total, sum) => total + Math.log(sum), 0) - Z2.mul(Y).sum()) / N;
    const dZ2 = A2.sub(Y).mul(1 / N);
    const dW2 = A1.transposeMultiply(dZ2);
    const mask = Z1.apply(function toOne(i, j) {
      this.set(i, j, this.get(i, j) > 0 ? 1 : 0);
    });
    const dZ1 = dZ2.mmul(W2.transpose()).mul(mask);
    const dW1 = X.transposeMultiply(dZ1);
    W1.sub(dW1.mul(learningRate));
    b1.sub(Matrix.rowVector(dZ1.sum("column")).mul(learningRate));
    W2.sub(dW2.mul(learningRate));
    b2.sub(Matrix.rowVector(dZ2.sum("column")).mul(learningRate));
    return loss;
  });
});
