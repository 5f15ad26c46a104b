/** How long the steps of training are: what shows that a learning rate is too small, about right, or far too large. */
import type { Parameters } from "./forward";
import type { Matrix } from "./matrix";
import type { ParameterGradients } from "./training-step";

/** One number for each of the parameters. */
export interface PerParameter {
  readonly W1: number;
  readonly b1: number;
  readonly W2: number;
  readonly b2: number;
}

/** Means over the steps that were recorded. */
export interface MeanStepSizes {
  /** ‖dW1‖, ‖db1‖, ‖dW2‖, ‖db2‖. */
  readonly gradientNorms: PerParameter;
  /** ‖η dW‖ / ‖W‖, of the steps before which W was not all 0; null if there was none. */
  readonly updateRatios: { readonly W1: number | null; readonly W2: number | null };
}

/** Weights beyond this are on their way to infinity; below it no sum of products in the two passes overflows. */
const BOUND = 1e100;

/** The sizes of one step after the other. */
export class StepSizes {
  /** How many were recorded. */
  steps = 0;

  private readonly parameters: Parameters;
  private readonly learningRate: number;
  private readonly gradientSums = { W1: 0, b1: 0, W2: 0, b2: 0 };
  private readonly ratios = { W1: { sum: 0, count: 0 }, W2: { sum: 0, count: 0 } };
  /** The norms of the parameters after the last step. */
  private readonly norms: { W1: number; b1: number; W2: number; b2: number };

  /**
   * @param parameters which the steps change in place
   * @param learningRate η
   */
  constructor(parameters: Parameters, learningRate: number) {
    const { W1, b1, W2, b2 } = parameters;
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.norms = { W1: norm(W1), b1: norm(b1), W2: norm(W2), b2: norm(b2) };
  }

  /** Records a step, after which the parameters are what they are now. */
  record({ dW1, db1, dW2, db2 }: ParameterGradients): void {
    const { parameters, gradientSums, norms } = this;
    this.steps += 1;
    gradientSums.b1 += norm(db1);
    gradientSums.b2 += norm(db2);
    for (const [name, dW] of [
      ["W1", dW1],
      ["W2", dW2],
    ] as const) {
      const size = norm(dW);
      gradientSums[name] += size;
      if (norms[name] !== 0) {
        this.ratios[name].sum += (this.learningRate * size) / norms[name];
        this.ratios[name].count += 1;
      }
    }
    norms.W1 = norm(parameters.W1);
    norms.b1 = norm(parameters.b1);
    norms.W2 = norm(parameters.W2);
    norms.b2 = norm(parameters.b2);
  }

  /** Whether the parameters are within bounds. */
  weightsAreSound(): boolean {
    const { W1, b1, W2, b2 } = this.norms;
    return W1 < BOUND && b1 < BOUND && W2 < BOUND && b2 < BOUND;
  }

  /** The means over all recorded steps. */
  means(): MeanStepSizes {
    const { gradientSums, ratios, steps } = this;
    const ratio = ({ sum, count }: { sum: number; count: number }) => (count === 0 ? null : sum / count);
    return {
      gradientNorms: {
        W1: gradientSums.W1 / steps,
        b1: gradientSums.b1 / steps,
        W2: gradientSums.W2 / steps,
        b2: gradientSums.b2 / steps,
      },
      updateRatios: { W1: ratio(ratios.W1), W2: ratio(ratios.W2) },
    };
  }
}

/** ‖A‖, the root of the sum of the squared entries (Frobenius). */
function norm({ data }: Matrix): number {
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += data[k] * data[k];
  return Math.sqrt(sum);
}
