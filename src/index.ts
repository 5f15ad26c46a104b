/** Everything that a notebook imports: `import { gradW2, verify } from "./src"`. */
export * from "./backward";
export { equations } from "./equations";
export * from "./forward";
export * from "./gradcheck";
export * from "./matrix";
export * from "./random";
export { assertVerified, type VerifyOptions, verify } from "./verify";
