// Mutation testing of the maths: `npm run mutation`. What it mutates, and with which tests it tries to notice.
/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  mutate: [
    "src/matrix.ts",
    "src/random.ts",
    "src/shapes.ts",
    "src/forward.ts",
    "src/backward.ts",
    "src/gradcheck.ts",
    "src/oracles/*.ts",
  ],
  // What a message or a mark is called is no mathematics.
  mutator: { excludedMutations: ["StringLiteral"] },
  ignorePatterns: [".build", ".ci", ".venv", "data", "notebooks", "src/kernel", "test/kernel", "test/setup"],
  tempDirName: ".build/mutation",
  coverageAnalysis: "perTest",
  concurrency: 2,
  // Only a loop without end should run out of time, not a slow machine.
  timeoutMS: 30_000,
  timeoutFactor: 3,
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  jsonReporter: { fileName: ".build/mutation-report.json" },
};
