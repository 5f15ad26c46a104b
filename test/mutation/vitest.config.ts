import { defineConfig } from "vitest/config";

/** The tests that mutants are tried against: those of the mutated modules. */
export default defineConfig({
  test: {
    dir: "test",
    include: [
      "{matrix,random,shapes,forward,backward,gradcheck,properties}.test.ts",
      "oracles/*.test.ts",
      "golden/*.test.ts",
    ],
    environment: "node",
  },
});
