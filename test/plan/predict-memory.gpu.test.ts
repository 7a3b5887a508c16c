import { describe, expect, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { lowRankTargets } from "../../src/model/low-rank.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { textVocabulary } from "../../src/tokenize/text-vocabulary.ts";
import { RunControl } from "../../src/train/control.ts";
import { earlierCorpus as corpusOf } from "../../src/train/earlier-corpus.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { pretrain } from "../../src/train/pretraining.ts";
import { loadLanguageHead } from "../../src/model/language-head.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import {
  otherFamilies,
  preNormConfig,
  randomClassifier,
  randomConfig,
  type ConfigChanges,
} from "../model/random-model.ts";
import { listedCheckpoint } from "./listed-checkpoint.ts";
import { backendOptions } from "../ops/backends.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { defaultTrainedTask, trainedTextTask } from "../../src/tasks/trained-tasks.ts";

const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
const STEPS = 3;
/** A word for each embedding, after five special tokens. */
const wordTokenizer = {
  tokenizerJson: JSON.stringify({
    added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map((content, id) => ({ id, content, special: true })),
    model: { vocab: Object.fromEntries(Array.from({ length: 992 }, (_, i) => [`w${i}`, i + 5])) },
  }),
  tokenizerConfigJson: "{}",
};

type EarlierKind = "rows" | "texts";

interface Special {
  form?: "pre-norm";
  earlier?: EarlierKind;
  bindingLimit?: number;
}

/** Predicted and measured peak of a short run on a device of its own. */
async function peaksOf(sizes: ConfigChanges, changes: Partial<Recipe>, special: Special = {}) {
  const { form, earlier: earlierKind, bindingLimit = Infinity } = special;
  await startBackend("webgpu", { ...backendOptions, bindingLimit });
  const config = form === "pre-norm" ? preNormConfig(sizes as Record<string, number>) : randomConfig(sizes);
  const recipe: Recipe = { ...defaultRecipe, batchSize: 8, evaluationsPerEpoch: 0, ewcRows: 3, ...changes };
  const { loraRank: rank, loraAlpha: alpha, loraTargets, pooling } = recipe;
  const targets = lowRankTargets.filter((target) => loraTargets.includes(target));
  const lowRank = rank > 0 ? { rank, alpha, targets, seed: 1 } : null;
  const earlierClasses = earlierKind === "rows" ? 4 : 0;
  const model = await randomClassifier(config, { pooling, lowRank, earlierClasses });
  const [train, validation] = [learnableRows(STEPS * recipe.batchSize, 1, 16), learnableRows(6, 2, 16)];
  const others = { train: learnableRows(20, 3, 16), validation: learnableRows(6, 4, 16) };
  const labelNames = ["a", "b", "c"];
  const texts = trainedTextTask(textVocabulary(wordTokenizer, config.vocabularySize), recipe);
  const earlier = earlierKind === "rows" ? { ...others, labelNames: [...labelNames, "d"] } : undefined;
  const earlierCorpus = earlierKind === "texts" ? others : undefined;
  const control = new RunControl();
  const data = { task: defaultTrainedTask, train, validation, labelNames, rates, maxSteps: STEPS, earlier };
  const follow = async (events: AsyncIterable<{ type: string }>) => {
    for await (const { type } of events) expect(type).not.toBe("");
  };
  const read = () => Promise.reject(new Error("Nothing is read."));
  const encoder = model.parameters.filter(({ ofHead }) => !ofHead);
  const language =
    recipe.pretrainEpochs > 0 || earlierCorpus
      ? new LanguageModel(
          config,
          encoder,
          await loadLanguageHead(config, { tensors: new Map(), read }, 1),
          model.lowRank,
        )
      : null;
  const corpus = language && earlierCorpus && corpusOf(language, { ...others, task: texts }, recipe, control);
  const ofRun = { ...data, earlierCorpus: corpus ?? undefined };
  if (language && recipe.pretrainEpochs > 0) {
    new TrainingRun(model, ofRun, recipe, control).dispose();
    const data = { task: texts, train, heldOut: validation, rates, maxSteps: STEPS };
    await follow(pretrain(language, data, recipe, control));
  }
  await follow(new TrainingRun(model, ofRun, recipe, control).events());
  const measured = runningGpu().mostBytesHeld;
  const opened = { ...listedCheckpoint(config, earlierClasses), tokenizer: wordTokenizer };
  const input = {
    opened,
    recipe: { ...recipe, memoryLimit: 64 },
    labelNames,
    train,
    validation,
    ...(earlier && { earlier }),
    ...(earlierCorpus && { earlierCorpus }),
    maxSteps: STEPS,
  };
  const { prediction: predicted } = await memoryOf(input);
  return { predicted, measured };
}

const wide = { hidden_size: 64, intermediate_size: 256, num_hidden_layers: 2, vocab_size: 1200 };
const deep = { num_hidden_layers: 6, intermediate_size: 128 };
const roberta = { model_type: "roberta", type_vocab_size: 1 };
const electra = { model_type: "electra", embedding_size: 20 };
const albert = { model_type: "albert", embedding_size: 20, num_hidden_layers: 6, num_hidden_groups: 2 };

const { mpnet, deberta, debertaOfOld, modernbert, modernbertMean } = otherFamilies;

/** LoRA beside the matrices of models that have query, key and value in one. */
const unpacked = { loraRank: 4, loraTargets: ["attentionOutput", "intermediate", "output"] } satisfies Partial<Recipe>;

type Case = [name: string, sizes: ConfigChanges, changes: Partial<Recipe>, special?: Special];

const ofFamilies: Case[] = [
  ["RoBERTa", roberta, {}],
  ["RoBERTa, checkpointed, pretrained", { ...roberta, ...deep }, { checkpointing: "on", pretrainEpochs: 1 }],
  ["ELECTRA", electra, {}],
  ["ELECTRA, wider, LoRA", { ...electra, ...wide }, { loraRank: 4, batchSize: 4 }],
  ["ALBERT", albert, {}],
  ["ALBERT, pretrained", { ...albert, intermediate_size: 256 }, { pretrainEpochs: 1 }],
  ["ALBERT, checkpointed, LoRA", albert, { checkpointing: "on", loraRank: 4, loraTargets: [...lowRankTargets] }],
  ["MPNet", mpnet, {}],
  ["MPNet, wider, LoRA", { ...mpnet, ...wide }, { loraRank: 4, batchSize: 4 }],
  ["DeBERTa", deberta, {}],
  ["DeBERTa, checkpointed, LoRA", { ...deberta, ...deep }, { checkpointing: "on", loraRank: 4 }],
  ["The first DeBERTa", debertaOfOld, {}],
  ["The first DeBERTa, wider, in micro-batches", { ...debertaOfOld, ...wide }, { accumulate: 2 }],
  ["The first DeBERTa, checkpointed, LoRA", debertaOfOld, { checkpointing: "on", ...unpacked }],
  ["ModernBERT", modernbert, {}],
  ["ModernBERT, whose head reads the mean", modernbertMean, {}],
  ["ModernBERT, the same, wider, LoRA", { ...modernbertMean, ...wide }, { ...unpacked, batchSize: 4 }],
  ["ModernBERT, checkpointed, pretrained", { ...modernbert, ...deep }, { checkpointing: "on", pretrainEpochs: 1 }],
];
const names = [...new Set(ofFamilies.map(([name]) => name.replace(/,.*/, "")))];

/** Everything that a recipe may ask memory for, alone or with others. */
const ofRecipes: Case[] = [
  ["a wide model", wide, { batchSize: 4 }],
  ["a deep one, checkpointed", deep, { checkpointing: "on" }],
  ["LoRA beside all matrices", deep, { loraRank: 4, loraTargets: [...lowRankTargets] }],
  ["frozen lower layers", deep, { frozen: ["embeddings.", "encoder.layer.0.", "encoder.layer.1."] }],
  ["R-Drop, EMA and a mean of layers", {}, { rDrop: 1, ema: 0.99, pooling: "mean-last-4" }],
  ["L2-SP", wide, { l2sp: 0.01, batchSize: 4, pooling: "cls" }],
  ["a table bound in four parts", { ...wide, vocab_size: 8000 }, { batchSize: 4 }, { bindingLimit: 2 ** 19 }],
  [
    "pre-norm layers, checkpointed, LoRA",
    { width: 64, inner_width: 256 },
    { loraRank: 4, checkpointing: "on" },
    { form: "pre-norm" },
  ],
  ["consolidation, rehearsal, micro-batches", {}, { ewc: 1, rehearsal: 0.5, accumulate: 2 }, { earlier: "rows" }],
  [
    "consolidation of a language model after pretraining",
    wide,
    { ewc: 1, pretrainEpochs: 1, batchSize: 4 },
    { earlier: "texts" },
  ],
];

/** The same in other sizes and other company. */
const ofMoreRecipes: Case[] = [
  ["a small model", {}, {}],
  ["a deep one", deep, {}],
  ["micro-batches", deep, { accumulate: 3 }],
  ["LoRA, checkpointed", wide, { loraRank: 8, checkpointing: "on" }],
  ["the head alone", deep, { frozen: ["embeddings.", "encoder."], batchSize: 4 }],
  ["R-Drop in micro-batches", wide, { rDrop: 1, accumulate: 2, batchSize: 4 }],
  ["continued pretraining", {}, { pretrainEpochs: 1 }],
  ["weight consolidation", deep, { ewc: 1 }, { earlier: "rows" }],
  ["rehearsal", wide, { rehearsal: 0.25 }, { earlier: "rows" }],
  ["pre-norm layers", { blocks: 6, inner_width: 128 }, {}, { form: "pre-norm" }],
  ["texts that are scored", {}, {}, { earlier: "texts" }],
  ["consolidation of a language model", deep, { ewc: 1, frozen: ["embeddings."] }, { earlier: "texts" }],
];

const day = Math.floor(Date.now() / (24 * 60 * 60 * 1000));
/** Each case opens a device: two families and a quarter of `ofMoreRecipes` a day, all in `npm run test:long`. */
const inTurn = [
  ...ofFamilies.filter(([name]) => [day, day + 1].some((i) => name.startsWith(names[i % names.length] ?? ""))),
  ...ofMoreRecipes.filter((_, i) => i % 4 === day % 4),
];
const cases = [...ofRecipes, ...(import.meta.env.TABTUNE_LONG ? [...ofFamilies, ...ofMoreRecipes] : inTurn)];

describe("the prediction of memory", () => {
  it.each<Case>(cases)("is within a fiftieth of what a run holds: %s", async (_, sizes, changes, special) => {
    const { predicted, measured } = await peaksOf(sizes, changes, special);
    const { total, ...parts } = predicted;
    expect(Math.abs(total / measured - 1)).toBeLessThan(0.02);
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(total);
  });
});
