/** jax-js on its WebAssembly backend, float32: a jitted function of the parameters that returns loss and new parameters. */
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { contest, oneByOne } from "../contestant.mjs";

contest(async ({ N, D, H, C, learningRate, ...numbers }) => {
  await init("wasm");
  defaultDevice("wasm");
  const array = (name, shape) => np.array(Float32Array.from(numbers[name])).reshape(shape);
  const [X, Y] = [array("X", [N, D]), array("Y", [N, C])];
  let parameters = {
    W1: array("W1", [D, H]),
    b1: array("b1", [1, H]),
    W2: array("W2", [H, C]),
    b2: array("b2", [1, C]),
  };
  // A function owns its arguments: what is used again is passed as `.ref`.
  const loss = ({ W1, b1, W2, b2 }, inputs, targets) => {
    const A1 = nn.relu(np.matmul(inputs, W1).add(b1));
    const Z2 = np.matmul(A1, W2).add(b2);
    return nn
      .logSoftmax(Z2, -1)
      .mul(targets)
      .sum()
      .mul(-1 / N);
  };
  const step = jit((old, inputs, targets) => {
    const [value, gradients] = valueAndGrad(loss)(
      { W1: old.W1.ref, b1: old.b1.ref, W2: old.W2.ref, b2: old.b2.ref },
      inputs,
      targets,
    );
    const next = (name) => old[name].sub(gradients[name].mul(learningRate));
    return [value, { W1: next("W1"), b1: next("b1"), W2: next("W2"), b2: next("b2") }];
  });
  return oneByOne(() => {
    const [value, next] = step(parameters, X.ref, Y.ref);
    parameters = next;
    return value.dataSync()[0];
  });
});
