/** TensorFlow.js on its WebAssembly backend (with SIMD), float32: a loss, and an optimizer that minimises it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { contest, oneByOne } from "../contestant.mjs";

setWasmPaths(
  join(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"), "..", "dist", "/"),
);

contest(async ({ N, D, H, C, learningRate, ...numbers }) => {
  await tf.setBackend("wasm");
  const tensor = (name, shape) => tf.tensor2d(Float32Array.from(numbers[name]), shape);
  const [X, Y] = [tensor("X", [N, D]), tensor("Y", [N, C])];
  const [W1, b1] = [tf.variable(tensor("W1", [D, H])), tf.variable(tensor("b1", [1, H]))];
  const [W2, b2] = [tf.variable(tensor("W2", [H, C])), tf.variable(tensor("b2", [1, C]))];
  const optimizer = tf.train.sgd(learningRate);
  const loss = () => tf.losses.softmaxCrossEntropy(Y, X.matMul(W1).add(b1).relu().matMul(W2).add(b2));
  return oneByOne(() => {
    const value = optimizer.minimize(loss, true);
    const [number] = value.dataSync();
    value.dispose();
    return number;
  });
});
