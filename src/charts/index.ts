/** All charts. */
export { Chart } from "./chart";
export { type Frame, histogramHeatMap, histograms, weightHeatMap, weightHistograms } from "./histograms";
export { accuracyCurve, deadUnits, gradientNorms, lossCurve, updateRatio } from "./training";
