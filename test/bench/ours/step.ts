/**
 * This project: the steps that `train` takes, as it takes them, and `train` itself. Its steps do not compute the loss: `train` does, after
 * each epoch. With `--plain`, as where WebAssembly is missing.
 */
import { takeSamples } from "../../../src/data/samples";
import { engine } from "../../../src/engine/engine";
import { crossEntropyFromLogits, forward, type Parameters } from "../../../src/forward";
import { Matrix, scope, useEngine } from "../../../src/matrix";
import { trainingStep } from "../../../src/train";
import { contest } from "../contestant.mjs";
import { learn } from "./learn";

useEngine(engine);

contest(({ N, D, H, C, learningRate, X, Y, W1, b1, W2, b2 }) => {
  const data = { X: new Matrix(N, D, X), Y: new Matrix(N, C, Y) };
  const all = Int32Array.from({ length: N }, (_, i) => i);
  let parameters: Parameters = {
    W1: new Matrix(D, H, W1),
    b1: new Matrix(1, H, b1),
    W2: new Matrix(H, C, W2),
    b2: new Matrix(1, C, b2),
  };
  const steps = (count: number) => {
    parameters = scope(() => {
      let current = parameters;
      for (let k = 0; k < count; k++) {
        current = scope((before) => trainingStep(takeSamples(data, all), before, learningRate).parameters, current);
      }
      return current;
    });
  };
  return (count) => {
    // The loss is only looked at where steps are taken one by one, which is not timed.
    const loss = count === 1 ? crossEntropyFromLogits(forward(data.X, parameters).Z2, data.Y) : Number.NaN;
    steps(count);
    return loss;
  };
}, learn);
