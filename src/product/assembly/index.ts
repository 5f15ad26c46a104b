/** Everything that is compiled. */
export { addRow, addRowThenRelu, columnSums, descend, throughRelu } from "./elementwise";
export { multiply } from "./multiply";
export { multiplySparse } from "./sparse";
