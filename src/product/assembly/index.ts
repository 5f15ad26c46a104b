/** Everything that is compiled. */
export { addRow, addRowThenRelu, columnSums, descend, outputGradient, squares, throughRelu } from "./elementwise";
export { multiply, multiplyColumns, prepare } from "./multiply";
export { exponentials, softmax } from "./softmax";
export { multiplySparse, transposeSparse } from "./sparse";
