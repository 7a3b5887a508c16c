/** Fields that treat the layers of a model differently, and so need layers that do not share their weights. */
export const fieldsByLayer = ["layerDecay", "gradualUnfreezing", "reinitializeLayers"] as const;
