/** Everything that is compiled. */
export { addRow, addRowThenRelu, columnSums, descend, outputGradient, throughRelu } from "./elementwise";
export { multiply } from "./multiply";
export { multiplySparse } from "./sparse";
export { exponentials, softmax } from "./softmax";
