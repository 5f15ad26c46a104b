/**
 * This project as a learner calls it: the functions of the notebooks, in a loop of one's own, each with its checks. With `--scope`, the
 * loop is in a scope, and so is each step.
 */
import { backward } from "../../../src/backward";
import { engine } from "../../../src/engine/engine";
import { crossEntropyFromLogits, forward, type Parameters } from "../../../src/forward";
import { Matrix, scope, useEngine } from "../../../src/matrix";
import { sgdStep } from "../../../src/train";
import { contest } from "../contestant.mjs";

useEngine(engine);

contest(({ N, D, H, C, learningRate, ...numbers }) => {
  const X = new Matrix(N, D, numbers.X);
  const Y = new Matrix(N, C, numbers.Y);
  let parameters: Parameters = {
    W1: new Matrix(D, H, numbers.W1),
    b1: new Matrix(1, H, numbers.b1),
    W2: new Matrix(H, C, numbers.W2),
    b2: new Matrix(1, C, numbers.b2),
  };
  let loss = Number.NaN;
  const step = (X: Matrix, Y: Matrix, parameters: Parameters) => {
    const cache = forward(X, parameters);
    loss = crossEntropyFromLogits(cache.Z2, Y);
    return sgdStep(parameters, backward(X, Y, parameters, cache), learningRate);
  };
  const inScopes = (count: number) =>
    scope(() => {
      // Into the scope's memory, once.
      const [x, y] = [X.copy(), Y.copy()];
      let current = parameters;
      for (let k = 0; k < count; k++) current = scope((before) => step(x, y, before), current);
      return current;
    });
  return (count) => {
    if (process.argv.includes("--scope")) parameters = inScopes(count);
    else for (let k = 0; k < count; k++) parameters = step(X, Y, parameters);
    return loss;
  };
});
