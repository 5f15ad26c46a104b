/** Everything that a notebook imports: `import { gradW2, verify } from "./src"`. */
export * from "./backward";
export * from "./forward";
export * from "./matrix";
export * from "./random";
