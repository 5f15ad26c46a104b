/** This project: the training step that `train` takes, and `train` itself. With `--plain`, as where WebAssembly is missing. */
import { Matrix } from "../../../src/matrix";
import { TrainingStep } from "../../../src/training-step";
import { contest } from "../contestant.mjs";
import { learn } from "./learn";

contest(({ N, D, H, C, learningRate, X, Y, W1, b1, W2, b2 }) => {
  const data = { X: new Matrix(N, D, X), Y: new Matrix(N, C, Y) };
  const parameters = {
    W1: new Matrix(D, H, W1),
    b1: new Matrix(1, H, b1),
    W2: new Matrix(H, C, W2),
    b2: new Matrix(1, C, b2),
  };
  const step = new TrainingStep(data, parameters, N);
  const all = Int32Array.from({ length: N }, (_, i) => i);
  return () => step.run(all, learningRate);
}, learn);
