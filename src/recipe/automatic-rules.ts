import type { AutomaticField } from "./automatic-fields.ts";
import { fields } from "./fields.ts";
import type { Recipe } from "./recipe.ts";
import { rowsPerEpoch } from "./sampling.ts";
import { counted, listed, percent } from "./wording.ts";

/** What the automatic fields follow from; null while not known. */
export interface AutomaticFacts {
  model: {
    hiddenSize: number;
    maxPositions: number;
    /** Rates that its family's authors published, below a hidden size of 1,024 and from there on. */
    rates: { base: number; large: number; source: string };
    /** LoRA's targets that the model has in one matrix together, beside which there is no LoRA. */
    packedTargets: Recipe["loraTargets"];
  } | null;
  data: {
    trainRows: number;
    validationRows: number;
    /** Training rows of each class; empty where the task has none. */
    trainCounts: readonly number[];
    /** Whether rows have a second text. */
    hasPairs: boolean;
  } | null;
  /** `longerThan[n]`: rows of more than n tokens, which ends at 0 or where longer rows are not told apart; of all `rows`. */
  lengths: { longerThan: readonly number[]; rows: number } | null;
}

interface Rule<Value> {
  /** For people: the values that it gives, and when. */
  rule: string;
  /** What has to be open before it gives a value, for people. */
  waitsFor: "the model" | "the data" | "model and data";
  /** Null where the facts are not known. */
  resolve: (recipe: Recipe, facts: AutomaticFacts) => { value: Value; because: string } | null;
}

/** Small models need higher rates: below a hidden size of 512 the one of docs/untouched.md, which was tried at 384. */
const SMALL = { hiddenSize: 512, rate: 1e-4 };
/** Below a hidden size of 768 one of the rates of Turc et al. 2019, Well-Read Students Learn Better. */
const MEDIUM = { hiddenSize: 768, rate: 5e-5, source: "Turc et al. 2019" };
const LARGE = { hiddenSize: 1024 };

const LEAST_STEPS = 300;
const FEWEST_EPOCHS = 3;
const MOST_EPOCHS = 20;
/** Epochs of a run that goes on until it stops improving, and the full evaluations without gain that it waits for. */
const OPEN_END = { epochs: 40, patience: 4 };

/** From this number of rows on, batches are large. */
const MANY_ROWS = 5000;

/** Lengths to choose from; the last is the longest row that BERT's families read. */
const lengthSteps = [64, 128, 256, 384, 512] as const;
const WHOLE_ROWS = 0.98;

/** Up to this ratio between the most frequent and the rarest class all rows count the same. */
const UNBALANCED = 10;

/** A run with fewer steps warms up for longer. */
const SHORT_RUN = 100;

/** Time of a scored row by that of a row that is trained on: forward, and forward and backward. */
const SCORED_BY_TRAINED = 1 / 3;
const MOST_EVALUATIONS = 10;

/** The rule of each automatic field. A rule may read fields that stand before its own in `automaticFields`. */
export const automaticRules: { [Field in AutomaticField]: Rule<Recipe[Field]> } = {
  batchSize: {
    rule: "16, and 32 from 5,000 training rows on",
    waitsFor: "the data",
    resolve: (_, { data }) =>
      data && {
        value: data.trainRows < MANY_ROWS ? 16 : 32,
        because: `there are ${counted(data.trainRows, "training row")}`,
      },
  },
  learningRate: {
    rule: "1e-4 below a hidden size of 512 and 5e-5 below 768; above, what the authors of the model's family published, 1e-5 to 5e-5",
    waitsFor: "the model",
    resolve: (_, { model }) => {
      if (!model) return null;
      const { hiddenSize, rates } = model;
      const size = `the model's hidden size is ${hiddenSize}`;
      if (hiddenSize < SMALL.hiddenSize) return { value: SMALL.rate, because: size };
      if (hiddenSize < MEDIUM.hiddenSize) return { value: MEDIUM.rate, because: `${size} (${MEDIUM.source})` };
      return {
        value: hiddenSize < LARGE.hiddenSize ? rates.base : rates.large,
        because: `${size} (${rates.source})`,
      };
    },
  },
  epochs: {
    rule: `${FEWEST_EPOCHS} to ${MOST_EPOCHS}, as many as make at least ${LEAST_STEPS} steps`,
    waitsFor: "the data",
    resolve: ({ effort, batchSize, sampling }, { data }) => {
      if (!data || data.trainRows === 0) return null;
      if (effort === "plateau") return { value: OPEN_END.epochs, because: "the run goes on until it stops improving" };
      const rows = rowsPerEpoch(data, sampling);
      const perEpoch = Math.ceil(rows / batchSize);
      const value = Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, Math.ceil(LEAST_STEPS / perEpoch)));
      return { value, because: epochsReason(rows, perEpoch) };
    },
  },
  earlyStopping: {
    rule: `0, and ${OPEN_END.patience} where a run goes on until it stops improving`,
    waitsFor: "the data",
    resolve: ({ effort }, { data }) =>
      data && {
        value: effort === "plateau" ? OPEN_END.patience : 0,
        because: effort === "plateau" ? "the run goes on until it stops improving" : "the epochs end the run",
      },
  },
  maxLength: {
    rule: `${lengthSteps.slice(0, -1).join(", ")} or ${lengthSteps.at(-1)}, the first that holds ${percent(WHOLE_ROWS)} of the rows whole`,
    waitsFor: "model and data",
    resolve: ({ maxLength }, { model, lengths }) => {
      if (!model) return null;
      const { maxPositions } = model;
      if (!lengths || lengths.rows === 0) {
        return maxLength > maxPositions
          ? { value: maxPositions, because: `this model has ${maxPositions} positions` }
          : null;
      }
      const most = longestAutomatic(model);
      const whole = (length: number) => 1 - (lengths.longerThan[length] ?? 0) / lengths.rows;
      const value = lengthSteps.find((length) => length < most && whole(length) >= WHOLE_ROWS) ?? most;
      const share = `${percent(whole(value))} of the rows have at most ${value} tokens`;
      if (whole(value) >= WHOLE_ROWS) return { value, because: share };
      const limit = most === maxPositions ? `this model has ${most} positions` : "no automatic length is longer";
      return { value, because: `${limit}; ${share}` };
    },
  },
  warmupShare: {
    rule: `0.1, and 0.2 of a run of fewer than ${SHORT_RUN} steps`,
    waitsFor: "the data",
    resolve: ({ batchSize, epochs, sampling }, { data }) => {
      if (!data) return null;
      const steps = Math.ceil(epochs * Math.ceil(rowsPerEpoch(data, sampling) / batchSize));
      return { value: steps < SHORT_RUN ? 0.2 : 0.1, because: `the run has ${counted(steps, "step")}` };
    },
  },
  classWeights: {
    rule: `none, and balanced where the most frequent class has more than ${UNBALANCED} times the rows of the rarest`,
    waitsFor: "the data",
    resolve: ({ sampling }, { data }) => {
      if (!data) return null;
      const counts = data.trainCounts.filter((count) => count > 0);
      if (counts.length < 2) return { value: null, because: "there are no classes to weigh" };
      if (sampling !== "all") return { value: null, because: "an epoch has as many rows of each class" };
      const ratio = Math.max(...counts) / Math.min(...counts);
      const times = Number(ratio.toPrecision(2));
      const because =
        times === 1
          ? "the classes have about the same number of rows"
          : `the most frequent class has ${counted(times, "time")} the rows of the rarest`;
      return { value: ratio > UNBALANCED ? "balanced" : null, because };
    },
  },
  evaluationsPerEpoch: {
    rule: `1 to ${MOST_EVALUATIONS}, so that they take at most a tenth of the training's time`,
    waitsFor: "the data",
    resolve: ({ evaluationSample, sampling }, { data }) => {
      if (!data) return null;
      const trained = rowsPerEpoch(data, sampling);
      const scored = Math.max(1, Math.min(evaluationSample, data.validationRows));
      const fitting = Math.floor((0.1 * trained) / (SCORED_BY_TRAINED * scored));
      const value = Math.max(1, Math.min(MOST_EVALUATIONS, fitting));
      const because = `each scores ${counted(scored, "row")}, and an epoch trains on ${counted(trained, "row")}`;
      return { value, because };
    },
  },
  headStart: {
    rule: "from a probe, and at random for pairs of texts",
    waitsFor: "the data",
    resolve(_, { data }) {
      if (!data) return null;
      // In docs/untouched.md such heads lost by a probe.
      if (data.hasPairs)
        return { value: "random", because: "the frozen encoder says little of how two texts are related" };
      return { value: "probe", because: "a random head would distort the encoder in the first steps" };
    },
  },
  loraTargets: {
    rule: "query and value, and the other three matrices where a model has query, key and value in one",
    waitsFor: "the model",
    resolve: (_, { model }) => {
      if (!model) return null;
      const { choices, default: usual } = fields.loraTargets;
      const isPacked = (target: Recipe["loraTargets"][number]) => model.packedTargets.includes(target);
      if (!usual.some(isPacked)) return { value: usual, because: "these are the usual targets" };
      return {
        value: choices.map(({ value }) => value).filter((target) => !isPacked(target)),
        because: `this model has ${listed(model.packedTargets)} in one matrix, beside which there is no LoRA here`,
      };
    },
  },
};

/** The largest automatic max length: a row longer than this is cut, or read in windows. */
export function longestAutomatic({ maxPositions }: { maxPositions: number }): number {
  return Math.min(maxPositions, lengthSteps.at(-1) ?? maxPositions);
}

function epochsReason(trainRows: number, stepsPerEpoch: number): string {
  const make =
    `${trainRows} training ${trainRows === 1 ? "row makes" : "rows make"} ` +
    `${stepsPerEpoch} ${stepsPerEpoch === 1 ? "step" : "steps"} per epoch`;
  const wanted = LEAST_STEPS / stepsPerEpoch;
  if (wanted > MOST_EPOCHS) return `${make}, and automatic epochs end at ${MOST_EPOCHS}`;
  if (wanted <= FEWEST_EPOCHS) return `${make}, and ${FEWEST_EPOCHS} epochs are the fewest`;
  return `${make}, and a run should have at least ${LEAST_STEPS} steps`;
}
