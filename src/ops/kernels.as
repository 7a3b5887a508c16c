// All kernels of the wasm backend, compiled into one module that works on the memory of tfjs-wasm. A pointer is a byte
// offset into it. No kernel may have static data: it would lie where tfjs keeps its own.
export { multiply } from "./linear/multiply";
export { columnSums, repeatRow } from "./linear/rows";
export { gelu, throughGelu } from "./activation/gelu";
export { geluNew, throughGeluNew } from "./activation/gelu-new";
export { gatedGelu, gatedGeluGradient } from "./gated/gated";
export { addScaled } from "./accumulate/accumulate";
export { attention, attentionGradient } from "./attention/attention";
export { layerNorm, layerNormGradient, layerNormParameters } from "./layer-norm/layer-norm";
export { adamw, adamwRows } from "./adamw/adamw";
export { sumOfSquares } from "./gradient-norm/squares";
