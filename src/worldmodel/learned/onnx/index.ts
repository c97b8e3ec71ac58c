export { ModelError } from "./ModelError.js";
export { loadManifest, parseManifest } from "./ModelManifest.js";
export type { ModelManifest } from "./ModelManifest.js";
export { OnnxGraph } from "./OnnxGraph.js";
export type { Signature, TensorData, TensorSpec } from "./OnnxGraph.js";
export { loadModel, modelNames, resolveModel } from "./LearnedModel.js";
export type { LearnedModel } from "./LearnedModel.js";
export { loadTrackingModel } from "./TrackingModel.js";
export type { TrackingModel } from "./TrackingModel.js";
