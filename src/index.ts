/** Everything that a notebook imports: `import { gradW2, verify } from "./src"`. */
import { Matrix, Transpose } from "./matrix";
import { matrixForms } from "./show/matrix-table";
import { present } from "./show/present";
import { verdictForms } from "./show/verdict-html";
import { Verdict } from "./verification/verdict";

export * from "./backward";
export * from "./data/digits";
export * from "./data/labels";
export * from "./data/mnist";
export { type Column, readTablesWith, type TableReader } from "./data/reader";
export * from "./data/samples";
export type { Dataset, LabelledSamples, SplitOptions } from "./data/split";
export * from "./data/synthetic";
export * from "./data/tables";
export { productBackend } from "./engine/product";
export { equations } from "./equations";
export * from "./forward";
export * from "./gradcheck";
export * from "./initialise";
export * from "./random";
export * from "./show/charts";
export { CoverageTable, coverageTable } from "./show/coverage";
export * from "./show/display";
export * from "./show/live-training";
export * from "./train";
export { assertVerified, type VerifyOptions, verify } from "./verify";
export { Matrix, Transpose };

present(Matrix, matrixForms);
present(Transpose, (view) => matrixForms(view.toMatrix()));
present(Verdict, verdictForms);
