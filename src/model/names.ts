/** Names of a dense layer's or a LayerNorm's two parameters. */
export interface Pair {
  weight: string;
  bias: string;
}

export const pair = (module: string): Pair => ({ weight: `${module}.weight`, bias: `${module}.bias` });

export const bothOf = ({ weight, bias }: Pair): string[] => [weight, bias];

/** The modules of an encoder layer. */
type LayerModule = "query" | "key" | "value" | "attentionOutput" | "intermediate" | "output" | "outputNorm";

/** `attentionNorm` is null in a layer that attends to its input as it is; `qkv` are query, key and value in one module. */
type LayerNames = Record<LayerModule, string> & {
  attentionNorm: string | null;
  qkv?: string;
  /** Where `qkv` has its rows head by head: full names of the biases of queries and values; keys have none. */
  byHead?: { queryBias: string; valueBias: string };
  /** Projections of positions, where they are not those of tokens; that of keys has no bias. */
  positions?: { query: string; key: string };
};

/** What the checkpoints of a family call the modules of a model, without ".weight" and ".bias". */
export interface ParameterNames {
  /** Prefix of the encoder's modules, e.g. "bert."; files of an encoder alone and recipes may leave it out. */
  base: string;
  /** Modules that have no bias; all have one where not given. */
  lacksBias?: (module: string) => boolean;
  /**
   * `position` is null where nothing is added for a token's place, `type` where the family has no segment types, `norm` where nothing normalizes their sum; `projection` is the
   * dense layer of models with an `embeddingSize`.
   */
  embeddings: { word: string; position: string | null; type: string | null; norm: string | null; projection?: string };
  /** The table of biases by distance, in models with `relativeBuckets`. */
  relativeBias?: string;
  /** In its stead the table of states of distances that queries and keys are made of, and its norm. */
  relativePositions?: { table: string; norm: string | null };
  /** The modules of a layer; of layers that share weights, by the number of their set. */
  layer(index: number): LayerNames;
  /** The norm after the last layer; null for none. */
  finalNorm: string | null;
  /** The head's dense layer before the classifier. */
  pooler: string;
  /** The norm behind it, in a head that has one. */
  poolerNorm?: string;
  classifier: string;
  languageHead: {
    dense: string;
    norm: string;
    /** Full name of the decoder's bias; the decoder's weight is the table of words. */
    bias: string;
    /** The name of a stored tensor in today's spelling. */
    canonical(stored: string): string;
  };
  /** The full name of a stored tensor in today's spelling; null for one that belongs to neither encoder nor classifier. */
  canonical(stored: string): string | null;
}

/** What sentences call the head's dense layer before the classifier; where the family has no pooler, with its name. */
export function poolerWords({ pooler }: Pick<ParameterNames, "pooler">): string {
  return pooler.split(".").includes("pooler") ? "pooler" : `dense layer before the classifier (${pooler})`;
}

/** Roles of the embeddings' parameters: their names in every model, whatever its checkpoint calls them. */
export const embeddingRoles = {
  word: "embeddings.word",
  position: "embeddings.position",
  type: "embeddings.type",
  norm: pair("embeddings.norm"),
  projection: pair("embeddings.projection"),
  relativeBias: "embeddings.relativeBias",
  relativePositions: "embeddings.relativePositions",
  relativeNorm: pair("embeddings.relativeNorm"),
};

/** Roles of an encoder layer's parameters; query, key and value are packed into one. */
export function layerRoles(layer: number) {
  const prefix = `encoder.layer.${layer}`;
  return {
    qkv: pair(`${prefix}.qkv`),
    positions: pair(`${prefix}.positions`),
    attentionOutput: pair(`${prefix}.attentionOutput`),
    attentionNorm: pair(`${prefix}.attentionNorm`),
    intermediate: pair(`${prefix}.intermediate`),
    output: pair(`${prefix}.output`),
    outputNorm: pair(`${prefix}.outputNorm`),
  };
}

/** Roles of the norm after the last layer, which freezes with that layer. */
export const finalNormRoles = (layers: number) => pair(`encoder.layer.${layers - 1}.finalNorm`);

export const poolerRoles = pair("pooler");
export const poolerNormRoles = pair("poolerNorm");
export const classifierRoles = pair("classifier");
/** Roles, and names, of the classifier of an earlier task, which is in no checkpoint. */
export const earlierRoles = pair("earlier.classifier");
/** The dense layers that a classifier's head may have. */
export type HeadPart = "pooler" | "classifier";

export const headPartRoles: Record<HeadPart, Pair> = { pooler: poolerRoles, classifier: classifierRoles };

/** Roles of the parameters of these parts. */
export function headRoles(parts: readonly HeadPart[]): string[] {
  return parts.flatMap((part) => bothOf(headPartRoles[part]));
}

/** LoRA's targets that a model has in one matrix together, beside which PEFT has one pair for all three. */
export function packedTargets({ layer }: Pick<ParameterNames, "layer">): readonly ("query" | "key" | "value")[] {
  return layer(0).qkv === undefined ? [] : ["query", "key", "value"];
}

/** Role of LoRA's two matrices beside one of a layer's, without their letters. */
export const lowRankRole = (layer: number, target: string) => `encoder.layer.${layer}.lora.${target}`;

export const languageHeadRoles = {
  dense: pair("languageHead.dense"),
  norm: pair("languageHead.norm"),
  bias: "languageHead.bias",
};
