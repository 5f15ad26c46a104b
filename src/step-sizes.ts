/** How long the steps of training are: what shows that a learning rate is too small, about right, or far too large. */
import type { TrainingStep } from "./training-step";

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

  private readonly step: Pick<TrainingStep, "parameters" | "gradients" | "norm">;
  private readonly learningRate: number;
  private readonly gradientSums = { W1: 0, b1: 0, W2: 0, b2: 0 };
  private readonly ratios = { W1: { sum: 0, count: 0 }, W2: { sum: 0, count: 0 } };
  /** The norms of the parameters after the last step. */
  private readonly norms: { W1: number; b1: number; W2: number; b2: number };

  /**
   * @param step whose steps are recorded
   * @param learningRate η
   */
  constructor(step: Pick<TrainingStep, "parameters" | "gradients" | "norm">, learningRate: number) {
    const { W1, b1, W2, b2 } = step.parameters;
    this.step = step;
    this.learningRate = learningRate;
    this.norms = { W1: step.norm(W1), b1: step.norm(b1), W2: step.norm(W2), b2: step.norm(b2) };
  }

  /** Records the step that was taken last. */
  record(): void {
    const { step, gradientSums, norms } = this;
    const { W1, b1, W2, b2 } = step.parameters;
    const { dW1, db1, dW2, db2 } = step.gradients;
    this.steps += 1;
    gradientSums.b1 += step.norm(db1);
    gradientSums.b2 += step.norm(db2);
    for (const [name, dW] of [
      ["W1", dW1],
      ["W2", dW2],
    ] as const) {
      const size = step.norm(dW);
      gradientSums[name] += size;
      if (norms[name] !== 0) {
        this.ratios[name].sum += (this.learningRate * size) / norms[name];
        this.ratios[name].count += 1;
      }
    }
    norms.W1 = step.norm(W1);
    norms.b1 = step.norm(b1);
    norms.W2 = step.norm(W2);
    norms.b2 = step.norm(b2);
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
