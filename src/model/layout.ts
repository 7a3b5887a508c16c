import type { ParameterIdentity } from "../ops/parameter.ts";
import type { ModelConfig, ModelSizes } from "./config.ts";
import {
  classifierRoles,
  embeddingRoles,
  layerRoles,
  maskedLmRoles,
  pair,
  poolerRoles,
  type Pair,
  type ParameterNames,
} from "./names.ts";
import type { Pooling } from "./config.ts";

/** A parameter before it has values: what it is, and what it starts as when the checkpoint lacks it. */
export interface ParameterSpec extends ParameterIdentity {
  /** Shape of one part, as in the checkpoint. */
  partShape: number[];
  /** What it holds when it is initialized anew. */
  initial: "normal" | "zeros" | "ones";
  /** True where the checkpoint must have it. */
  required: boolean;
}

/** Collects the parameters of modules under their roles and names. */
class Layout {
  readonly specs: ParameterSpec[] = [];

  constructor(private readonly names: Pick<ParameterNames, "base">) {}

  add(role: string, parts: string[], partShape: number[], level: number, required: boolean, isNorm = false): void {
    const isMatrix = partShape.length > 1;
    const initial = isMatrix ? "normal" : isNorm ? "ones" : "zeros";
    const [name = ""] = parts;
    const { base } = this.names;
    this.specs.push({ role, name, base, parts, partShape, level, initial, required, decays: isMatrix });
  }

  /** Dense layers of one shape [out, in], packed where there are several. */
  dense(role: Pair, modules: string[], shape: [number, number], level: number, required: boolean): void {
    const named = modules.map(pair);
    this.add(
      role.weight,
      named.map(({ weight }) => weight),
      shape,
      level,
      required,
    );
    this.add(
      role.bias,
      named.map(({ bias }) => bias),
      [shape[0]],
      level,
      required,
    );
  }

  norm(role: Pair, module: string, width: number, level: number, required: boolean): void {
    const { weight, bias } = pair(module);
    this.add(role.weight, [weight], [width], level, required, true);
    this.add(role.bias, [bias], [width], level, required);
  }
}

/**
 * Every parameter of a classifier, in the order of the checkpoint; without the pooler where the classifier does not
 * read it.
 */
export function parameterLayout(
  config: ModelSizes & Pick<ModelConfig, "names">,
  classes: number,
  pooling: Pooling,
): ParameterSpec[] {
  const { hiddenSize: hidden, intermediateSize: inner, layers, names } = config;
  const layout = new Layout(names);
  const { word, position, type, norm } = names.embeddings;
  layout.add(embeddingRoles.word, [`${word}.weight`], [config.vocabularySize, hidden], 0, true);
  layout.add(embeddingRoles.position, [`${position}.weight`], [config.maxPositions, hidden], 0, true);
  if (type !== null) layout.add(embeddingRoles.type, [`${type}.weight`], [config.typeVocabularySize, hidden], 0, true);
  layout.norm(embeddingRoles.norm, norm, hidden, 0, true);
  for (let layer = 0; layer < layers; layer++) {
    const roles = layerRoles(layer);
    const modules = names.layer(layer);
    const level = layer + 1;
    layout.dense(roles.qkv, [modules.query, modules.key, modules.value], [hidden, hidden], level, true);
    layout.dense(roles.attentionOutput, [modules.attentionOutput], [hidden, hidden], level, true);
    layout.norm(roles.attentionNorm, modules.attentionNorm, hidden, level, true);
    layout.dense(roles.intermediate, [modules.intermediate], [inner, hidden], level, true);
    layout.dense(roles.output, [modules.output], [hidden, inner], level, true);
    layout.norm(roles.outputNorm, modules.outputNorm, hidden, level, true);
  }
  if (pooling === "pooler") layout.dense(poolerRoles, [names.pooler], [hidden, hidden], layers + 1, false);
  layout.dense(classifierRoles, [names.classifier], [classes, hidden], layers + 1, false);
  return layout.specs;
}

/** Every parameter of a masked language model's head; its decoder is the table of words. */
export function maskedLmLayout({ hiddenSize: hidden, vocabularySize, layers, names }: ModelConfig): ParameterSpec[] {
  const layout = new Layout(names);
  const { dense, norm, bias } = names.maskedLm;
  layout.dense(maskedLmRoles.dense, [dense], [hidden, hidden], layers + 1, false);
  layout.norm(maskedLmRoles.norm, norm, hidden, layers + 1, false);
  layout.add(maskedLmRoles.bias, [bias], [vocabularySize], layers + 1, false);
  return layout.specs;
}
