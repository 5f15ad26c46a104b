/** This project as a learner calls it: the functions of the notebooks, each with its checks. */
import { backward } from "../../../src/backward";
import { crossEntropyFromLogits, forward, type Parameters } from "../../../src/forward";
import { Matrix } from "../../../src/matrix";
import { sgdStep } from "../../../src/train";
import { contest } from "../contestant.mjs";

contest(({ N, D, H, C, learningRate, ...numbers }) => {
  const X = new Matrix(N, D, numbers.X);
  const Y = new Matrix(N, C, numbers.Y);
  let parameters: Parameters = {
    W1: new Matrix(D, H, numbers.W1),
    b1: new Matrix(1, H, numbers.b1),
    W2: new Matrix(H, C, numbers.W2),
    b2: new Matrix(1, C, numbers.b2),
  };
  return () => {
    const cache = forward(X, parameters);
    const loss = crossEntropyFromLogits(cache.Z2, Y);
    parameters = sgdStep(parameters, backward(X, Y, parameters, cache), learningRate);
    return loss;
  };
});
