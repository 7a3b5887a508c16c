import type { ParameterIdentity } from "../ops/parameter.ts";
import {
  intermediateRows,
  layersByGroup,
  positionRows,
  type ModelConfig,
  type ModelSizes,
  type Pooling,
} from "./config.ts";
import {
  classifierRoles,
  embeddingRoles,
  finalNormRoles,
  layerRoles,
  languageHeadRoles,
  pair,
  poolerNormRoles,
  poolerRoles,
  type Pair,
  type ParameterNames,
} from "./names.ts";

/** A parameter before it has values: what it is, and what it is initialized to where the checkpoint lacks it. */
export interface ParameterSpec extends ParameterIdentity {
  /** True for what stands in the place of a bias that there is not, and has no parts. */
  frozen?: boolean;
  /** Shape of one part, as in the checkpoint. */
  partShape: number[];
  /** What it holds when it is initialized. */
  initial: "normal" | "zeros" | "ones";
  /** True where the checkpoint must have it. */
  required: boolean;
}

/** Where a module stands, and whether a checkpoint must have it. */
type Place = Pick<ParameterSpec, "level" | "ofHead" | "required" | "layers"> &
  Partial<Pick<ParameterSpec, "decays" | "packing">>;

const inEncoder = (level: number): Place => ({ level, ofHead: false, required: true });
const inHead = (layers: number): Place => ({ level: layers + 1, ofHead: true, required: false });

/** What stands in the place of a bias that modules do not have. */
function absent(role: string, base: string, partShape: number[]) {
  const identity = { role, name: role, base, parts: [], decays: false, frozen: true } as const;
  return { ...identity, partShape, initial: "zeros" } as const;
}

/** Collects the parameters of modules under their roles and names. */
class Layout {
  readonly specs: ParameterSpec[] = [];

  constructor(private readonly names: Pick<ParameterNames, "base" | "lacksBias">) {}

  add(role: string, parts: string[], partShape: number[], place: Place, isNorm = false): void {
    const isMatrix = partShape.length > 1;
    const initial = isMatrix ? "normal" : isNorm ? "ones" : "zeros";
    const [name = ""] = parts;
    const { base } = this.names;
    this.specs.push({ role, name, base, parts, partShape, initial, decays: isMatrix, ...place });
  }

  /** Dense layers of one shape [out, in], packed where there are several. */
  dense(role: Pair, modules: string[], shape: [number, number], place: Place): void {
    const weights = modules.map((module) => pair(module).weight);
    this.add(role.weight, weights, shape, place);
    this.bias(role.bias, modules, shape[0], place);
  }

  /** Nothing for a norm that the model does not have. */
  norm(role: Pair, module: string | null, width: number, place: Place): void {
    if (module === null) return;
    this.add(role.weight, [pair(module).weight], [width], place, true);
    this.bias(role.bias, [module], width, place);
  }

  /** The modules' biases; where they have none, zeros that stand in no checkpoint and never train. */
  private bias(role: string, modules: string[], width: number, place: Place): void {
    const parts = modules.map((module) => pair(module).bias);
    if (!modules.every((module) => this.names.lacksBias?.(module))) this.add(role, parts, [width], place);
    else this.specs.push({ ...absent(role, this.names.base, [modules.length * width]), ...place });
  }
}

/** Every parameter of a classifier; without the pooler where the classifier does not read it. */
export function parameterLayout(
  config: ModelSizes & Pick<ModelConfig, "names">,
  classes: number,
  pooling: Pooling,
): ParameterSpec[] {
  const { hiddenSize: hidden, intermediateSize: inner, layers, names } = config;
  const layout = new Layout(names);
  addEmbeddings(layout, config);
  for (const [group, [first = 0, ...further]] of layersByGroup(config).entries()) {
    const roles = layerRoles(first);
    const modules = names.layer(group);
    const place = { ...inEncoder(first + 1), ...(further.length > 0 && { layers: [first, ...further] }) };
    if (modules.qkv !== undefined && modules.byHead) addByHead(layout, config, first, group);
    else if (modules.qkv !== undefined) layout.dense(roles.qkv, [modules.qkv], [3 * hidden, hidden], place);
    else layout.dense(roles.qkv, [modules.query, modules.key, modules.value], [hidden, hidden], place);
    layout.dense(roles.attentionOutput, [modules.attentionOutput], [hidden, hidden], place);
    layout.norm(roles.attentionNorm, modules.attentionNorm, hidden, place);
    layout.dense(roles.intermediate, [modules.intermediate], [intermediateRows(config), hidden], place);
    layout.dense(roles.output, [modules.output], [hidden, inner], place);
    layout.norm(roles.outputNorm, modules.outputNorm, hidden, place);
  }
  layout.norm(finalNormRoles(layers), names.finalNorm, hidden, inEncoder(layers + 1));
  if (pooling === "pooler") {
    layout.dense(poolerRoles, [names.pooler], [hidden, hidden], inHead(layers));
    layout.norm(poolerNormRoles, names.poolerNorm ?? null, hidden, inHead(layers));
  }
  layout.dense(classifierRoles, [names.classifier], [classes, hidden], inHead(layers));
  return layout.specs;
}

function addEmbeddings(layout: Layout, config: ModelSizes & Pick<ModelConfig, "names">): void {
  const { hiddenSize, embeddingSize, vocabularySize, typeVocabularySize } = config;
  const { word, position, type, norm, projection = "" } = config.names.embeddings;
  const width = embeddingSize ?? hiddenSize;
  const start = inEncoder(0);
  layout.add(embeddingRoles.word, [`${word}.weight`], [vocabularySize, width], start);
  if (position !== null) {
    layout.add(embeddingRoles.position, [`${position}.weight`], [positionRows(config), width], start);
  }
  if (type !== null) layout.add(embeddingRoles.type, [`${type}.weight`], [typeVocabularySize, width], start);
  layout.norm(embeddingRoles.norm, norm, width, start);
  if (embeddingSize !== undefined) layout.dense(embeddingRoles.projection, [projection], [hiddenSize, width], start);
  if (config.relativeBuckets !== undefined) addRelative(layout, config, config.relativeBuckets);
}

/** Query, key and value in one matrix whose rows are head by head, and the projections of positions beside it. */
function addByHead(
  layout: Layout,
  config: ModelSizes & Pick<ModelConfig, "names">,
  layer: number,
  group: number,
): void {
  const { hiddenSize: hidden, heads } = config;
  const { qkv = "", byHead, positions } = config.names.layer(group);
  const roles = layerRoles(layer);
  const place = inEncoder(layer + 1);
  const size = hidden / heads;
  // Stored: q, k and v of head 0, of head 1 …; here all q, all k, all v.
  const rows = Array.from({ length: 3 * hidden }, (_, row) => {
    const [head, part, at] = [Math.floor(row / size / 3), Math.floor(row / size) % 3, row % size];
    return part * hidden + head * size + at;
  });
  layout.add(roles.qkv.weight, [pair(qkv).weight], [3 * hidden, hidden], {
    ...place,
    packing: { rows, total: 3 * hidden },
  });
  const first = Array.from({ length: hidden }, (_, row) => row);
  const hole = { first: hidden, count: hidden };
  if (byHead) {
    const biases = { rows: [...first, ...first.map((row) => 2 * hidden + row)], total: 3 * hidden, hole };
    layout.add(roles.qkv.bias, [byHead.queryBias, byHead.valueBias], [hidden], { ...place, packing: biases });
  }
  if (!positions) return;
  const { query, key } = positions;
  layout.add(roles.positions.weight, [pair(query).weight, pair(key).weight], [hidden, hidden], place);
  const bias = { rows: first, total: 2 * hidden, hole };
  layout.add(roles.positions.bias, [pair(query).bias], [hidden], { ...place, packing: bias });
}

function addRelative(layout: Layout, config: ModelSizes & Pick<ModelConfig, "names">, buckets: number): void {
  const { relativeBias, relativePositions } = config.names;
  const start = inEncoder(0);
  if (relativeBias !== undefined) {
    const biases = [`${relativeBias}.weight`];
    // It is a bias by its name too, by which transformers decides what decays.
    layout.add(embeddingRoles.relativeBias, biases, [buckets, config.heads], { ...start, decays: false });
  }
  if (relativePositions === undefined) return;
  const { table, norm } = relativePositions;
  layout.add(embeddingRoles.relativePositions, [`${table}.weight`], [buckets, config.hiddenSize], start);
  layout.norm(embeddingRoles.relativeNorm, norm, config.hiddenSize, start);
}

/** Every parameter of a masked language model's head; its decoder is the table of words. */
export function languageHeadLayout({
  hiddenSize: hidden,
  embeddingSize: width = hidden,
  vocabularySize,
  layers,
  names,
}: ModelConfig): ParameterSpec[] {
  const layout = new Layout(names);
  const { dense, norm, bias } = names.languageHead;
  const place = inHead(layers);
  layout.dense(languageHeadRoles.dense, [dense], [width, hidden], place);
  layout.norm(languageHeadRoles.norm, norm, width, place);
  layout.add(languageHeadRoles.bias, [bias], [vocabularySize], place);
  return layout.specs;
}
