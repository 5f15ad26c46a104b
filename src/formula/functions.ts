/** The functions of one number that a formula may use, on numbers of any kind, with the words for them. */
import type { Arithmetic } from "./arithmetic";

/** A function of one number, or of a number and a slope. */
interface NumberFunction {
  /** As it stands in a sentence and in a formula. */
  readonly text: string;
  readonly on: <T>(ar: Arithmetic<T>, x: T, slope: T) => T;
}

function known(text: string, on: NumberFunction["on"]): NumberFunction {
  return { text, on };
}

const negative = <T>(ar: Arithmetic<T>, x: T) => ar.minus(ar.of(0), x);
const isOn = <T>(ar: Arithmetic<T>, x: T) => ar.greater(x, ar.of(0));
const absolute = <T>(ar: Arithmetic<T>, x: T) => (isOn(ar, x) ? x : negative(ar, x));
const sigmoid = <T>(ar: Arithmetic<T>, x: T) => ar.over(ar.of(1), ar.plus(ar.of(1), ar.exp(negative(ar, x))));
const oneMinus = <T>(ar: Arithmetic<T>, x: T) => ar.minus(ar.of(1), x);
const square = <T>(ar: Arithmetic<T>, x: T) => ar.times(x, x);

/** tanh x = (1 − e^−2|x|) / (1 + e^−2|x|), with the sign of x: no exponential overflows. */
function tanh<T>(ar: Arithmetic<T>, x: T): T {
  const small = ar.exp(ar.times(ar.of(-2), absolute(ar, x)));
  const size = ar.over(oneMinus(ar, small), ar.plus(ar.of(1), small));
  return isOn(ar, x) ? size : negative(ar, size);
}

const gelu = <T>(ar: Arithmetic<T>, x: T) =>
  ar.times(
    x,
    sigmoid(
      ar,
      ar.times(ar.of(2 * Math.sqrt(2 / Math.PI)), ar.plus(x, ar.times(ar.of(0.044715), ar.times(x, square(ar, x))))),
    ),
  );

/** All of them, by the name that a formula calls them. */
export const functions = {
  exp: known("exp", (ar, x) => ar.exp(x)),
  ln: known("ln", (ar, x) => ar.ln(x)),
  ReLU: known("ReLU", (ar, x) => (isOn(ar, x) ? x : ar.of(0))),
  "ReLU′": known("ReLU′", (ar, x) => ar.of(isOn(ar, x) ? 1 : 0)),
  leaky: known("leaky", (ar, x, slope) => (isOn(ar, x) ? x : ar.times(slope, x))),
  "leaky′": known("leaky′", (ar, x, slope) => (isOn(ar, x) ? ar.of(1) : slope)),
  tanh: known("tanh", tanh),
  "tanh′": known("tanh′", (ar, x) => oneMinus(ar, square(ar, tanh(ar, x)))),
  square: known("square", square),
  abs: known("the absolute value", absolute),
  sigmoid: known("the sigmoid", sigmoid),
  "sigmoid′": known("the sigmoid's derivative", (ar, x) => ar.times(sigmoid(ar, x), oneMinus(ar, sigmoid(ar, x)))),
  softplus: known("the softplus ln(1 + e^z)", (ar, x) => {
    const small = ar.ln(ar.plus(ar.of(1), ar.exp(negative(ar, absolute(ar, x)))));
    return isOn(ar, x) ? ar.plus(x, small) : small;
  }),
  gelu: known("the GELU", gelu),
  silu: known("the SiLU z · σ(z)", (ar, x) => ar.times(x, sigmoid(ar, x))),
  elu: known("the ELU", (ar, x) => (isOn(ar, x) ? x : ar.minus(ar.exp(x), ar.of(1)))),
  min0: known("the minimum with 0", (ar, x) => (isOn(ar, x) ? ar.of(0) : x)),
  relu6: known("a ReLU that is cut off at 6", (ar, x) =>
    isOn(ar, x) ? (ar.greater(x, ar.of(6)) ? ar.of(6) : x) : ar.of(0),
  ),
  relu1: known("a ReLU that is cut off at 1", (ar, x) =>
    isOn(ar, x) ? (ar.greater(x, ar.of(1)) ? ar.of(1) : x) : ar.of(0),
  ),
  leaky01: known("a leaky ReLU with slope 0.1", (ar, x) => (isOn(ar, x) ? x : ar.times(ar.of(0.1), x))),
  leaky001: known("a leaky ReLU with slope 0.01", (ar, x) => (isOn(ar, x) ? x : ar.times(ar.of(0.01), x))),
  leaky02: known("a leaky ReLU with slope 0.2", (ar, x) => (isOn(ar, x) ? x : ar.times(ar.of(0.2), x))),
  "leaky01′": known("1 above 0 and 0.1 below", (ar, x) => ar.of(isOn(ar, x) ? 1 : 0.1)),
  "leaky001′": known("1 above 0 and 0.01 below", (ar, x) => ar.of(isOn(ar, x) ? 1 : 0.01)),
  "leaky02′": known("1 above 0 and 0.2 below", (ar, x) => ar.of(isOn(ar, x) ? 1 : 0.2)),
  "1 at 0": known("1 at exactly 0, from z ≥ 0", (ar, x) => ar.of(ar.greater(ar.of(0), x) ? 0 : 1)),
  "½ at 0": known("½ at exactly 0", (ar, x) => ar.of(isOn(ar, x) ? 1 : ar.greater(ar.of(0), x) ? 0 : 0.5)),
  off: known("1 where z ≤ 0", (ar, x) => ar.of(isOn(ar, x) ? 0 : 1)),
  below: known("1 where z < 0", (ar, x) => ar.of(ar.greater(ar.of(0), x) ? 1 : 0)),
  not0: known("1 where z is not 0", (ar, x) => ar.of(isOn(ar, x) || ar.greater(ar.of(0), x) ? 1 : 0)),
  sign: known("the sign", (ar, x) => ar.of(isOn(ar, x) ? 1 : ar.greater(ar.of(0), x) ? -1 : 0)),
  softsign: known("z / (1 + |z|)", (ar, x) => ar.over(x, ar.plus(ar.of(1), absolute(ar, x)))),
  one: known("1 everywhere", (ar) => ar.of(1)),
  "1−tanh": known("1 − tanh, where a square is missing", (ar, x) => oneMinus(ar, tanh(ar, x))),
  "1−z²": known("1 − z²", (ar, x) => oneMinus(ar, square(ar, x))),
  "1−tanh²tanh": known("1 − tanh²(tanh z)", (ar, x) => oneMinus(ar, square(ar, tanh(ar, tanh(ar, x))))),
  "tanh·(1−tanh)": known("tanh · (1 − tanh)", (ar, x) => ar.times(tanh(ar, x), oneMinus(ar, tanh(ar, x)))),
  "z(1−z)": known("z · (1 − z)", (ar, x) => ar.times(x, oneMinus(ar, x))),
  "−slope": known("1 above 0 and −slope below", (ar, x, slope) => (isOn(ar, x) ? ar.of(1) : negative(ar, slope))),
  "slope above": known("the slope above 0 and 1 below", (ar, x, slope) => (isOn(ar, x) ? slope : ar.of(1))),
  "leaky above": known("the slope times z above 0, z below", (ar, x, slope) => (isOn(ar, x) ? ar.times(slope, x) : x)),
  "slope below": known("the slope itself below 0", (ar, x, slope) => (isOn(ar, x) ? x : slope)),
  "−slope below": known("−slope below 0, whatever z is", (ar, x, slope) => (isOn(ar, x) ? x : negative(ar, slope))),
  slope·elu: known("slope · (e^z − 1) below 0, as in the ELU", (ar, x, slope) =>
    isOn(ar, x) ? x : ar.times(slope, ar.minus(ar.exp(x), ar.of(1))),
  ),
  slope·abs: known("slope · |z| below 0", (ar, x, slope) => (isOn(ar, x) ? x : ar.times(slope, negative(ar, x)))),
  slope: known("the slope everywhere", (_, __, slope) => slope),
  log2: known("the logarithm to base 2", (ar, x) => ar.over(ar.ln(x), ar.of(Math.LN2))),
  log10: known("the logarithm to base 10", (ar, x) => ar.over(ar.ln(x), ar.of(Math.LN10))),
  log1p: known("ln(1 + a), which is log1p,", (ar, x) => ar.ln(ar.plus(ar.of(1), x))),
  "ln abs1": known("ln(1 − a)", (ar, x) => ar.ln(oneMinus(ar, x))),
  expm1: known("e^z − 1, which is expm1,", (ar, x) => ar.minus(ar.exp(x), ar.of(1))),
  exp2: known("2^z", (ar, x) => ar.exp(ar.times(ar.of(Math.LN2), x))),
  exp10: known("10^z", (ar, x) => ar.exp(ar.times(ar.of(Math.LN10), x))),
  "exp−": known("e^−z", (ar, x) => ar.exp(negative(ar, x))),
  atLeast: known("at least", (ar, x, bound) => (ar.greater(bound, x) ? bound : x)),
  atMost: known("at most", (ar, x, bound) => (ar.greater(x, bound) ? bound : x)),
  above: known("1 above a threshold", (ar, x, bound) => ar.of(ar.greater(x, bound) ? 1 : 0)),
  cutBelow: known("0 below a threshold", (ar, x, bound) => (ar.greater(x, bound) ? x : ar.of(0))),
  sqrt: known("the square root", (ar, x) => ar.exp(ar.over(ar.ln(x), ar.of(2)))),
} as const satisfies Record<string, NumberFunction>;

/** The name of one of them. */
export type FunctionName = keyof typeof functions;
