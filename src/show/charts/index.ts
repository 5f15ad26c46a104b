/** All charts. */
export { decisionBoundary } from "./boundary";
export { dependencyChain } from "./chain";
export { Chart } from "./chart";
export { circuit } from "./circuit";
export { confusionMatrix } from "./confusion";
export { jacobianSigns, matrixHeatMap } from "./heat-map";
export { type Frame, histogram, histogramHeatMap, histograms, weightHeatMap, weightHistograms } from "./histograms";
export { initialisationComparison } from "./initialisation";
export { negativeLog } from "./logarithm";
export { mapWalk } from "./map-walk";
export { mentalModel } from "./mental-model";
export { networkDiagram } from "./network";
export { digitImages, weightImages, worstMistakes } from "./pictures";
export { lineChart, scatter } from "./plots";
export { signalHistograms } from "./signals";
export { chart } from "./specification";
export { errorAgainstStep } from "./step-size";
export { accuracyCurve, deadUnits, gradientNorms, lossCurve, updateRatio } from "./training";
