import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The tests that mutants are tried against: those of the mutated modules. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: [
      "test/{matrix,random,shapes,forward,backward,gradcheck,properties}.test.ts",
      "test/oracles/*.test.ts",
      "test/golden/*.test.ts",
    ],
    environment: "node",
    testTimeout: 60_000,
  },
});
