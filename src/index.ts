/** Everything that a notebook imports: `import { gradW2, verify } from "./src"`. */
export * from "./backward";
export * from "./charts";
export { CoverageTable, coverageTable } from "./coverage";
export * from "./data";
export * from "./display";
export { equations } from "./equations";
export * from "./forward";
export * from "./gradcheck";
export * from "./initialise";
export * from "./labels";
export * from "./live";
export * from "./matrix";
export { productBackend } from "./product/product";
export * from "./random";
export * from "./samples";
export * from "./synthetic";
export * from "./train";
export { assertVerified, type VerifyOptions, verify } from "./verify";
