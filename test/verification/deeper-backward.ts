/** The `backward` of the network with two hidden layers, right but for the steps that are replaced; for H3, H4 and H5. */
import type { Matrix } from "../../src/matrix";
import type { F } from "./wrong-answers";

type All = Readonly<Record<string, Matrix>> & { readonly N: number; readonly s: number };

/** A right `backward` with some steps replaced; what comes later builds on them. */
export function deeper(steps: Readonly<Record<string, (c: All) => Matrix>>): F {
  return (X: Matrix, Y: Matrix, parameters: Record<string, Matrix>, cache: Record<string, Matrix>, slope: number) => {
    const c = { X, Y, ...parameters, ...cache, N: X.rows, s: slope } as Record<string, unknown>;
    const right: Record<string, (c: All) => Matrix> = {
      dZ3: ({ A3, Y, N }) => A3.minus(Y).scale(1 / N),
      dW3: ({ A2, dZ3 }) => A2.T.times(dZ3),
      db3: ({ dZ3 }) => dZ3.columnSums(),
      dA2: ({ dZ3, W3 }) => dZ3.times(W3.T),
      dZ2: ({ dA2, Z2, s }) => dA2.hadamard(Z2.map((z) => (z > 0 ? 1 : s))),
      dW2: ({ A1, dZ2 }) => A1.T.times(dZ2),
      db2: ({ dZ2 }) => dZ2.columnSums(),
      dA1: ({ dZ2, W2 }) => dZ2.times(W2.T),
      dZ1: ({ dA1, Z1 }) => dA1.hadamard(Z1.map((z) => 1 - Math.tanh(z) ** 2)),
      dW1: ({ X, dZ1 }) => X.T.times(dZ1),
      db1: ({ dZ1 }) => dZ1.columnSums(),
    };
    const result: Record<string, Matrix> = {};
    for (const name of Object.keys(right)) {
      result[name] = (steps[name] ?? right[name])(c as All);
      c[name] = result[name];
    }
    return result;
  };
}
