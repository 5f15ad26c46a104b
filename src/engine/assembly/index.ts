/** Everything that is compiled. */
export { addRow, addRowThenRelu, columnSums, descend, outputGradient, squares, throughRelu } from "./elementwise";
export { multiply, multiplyColumns } from "./multiply";
export { prepare } from "./room";
export { exponentials, softmax } from "./softmax";
export { multiplySparse, transposeSparse } from "./sparse";
