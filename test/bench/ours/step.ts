/** This project: the step that `train` takes, and `train` itself. With `--plain`, as where WebAssembly is missing. */
import { engine } from "../../../src/engine/engine";
import { Matrix, useEngine } from "../../../src/matrix";
import { trainingStep } from "../../../src/train";
import { contest } from "../contestant.mjs";
import { learn } from "./learn";

useEngine(engine);

contest(({ N, D, H, C, learningRate, X, Y, W1, b1, W2, b2 }) => {
  const data = { X: new Matrix(N, D, X), Y: new Matrix(N, C, Y) };
  let parameters = {
    W1: new Matrix(D, H, W1),
    b1: new Matrix(1, H, b1),
    W2: new Matrix(H, C, W2),
    b2: new Matrix(1, C, b2),
  };
  return () => {
    ({ parameters } = trainingStep(data, parameters, learningRate));
    return 0;
  };
}, learn);
