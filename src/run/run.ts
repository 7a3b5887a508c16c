import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { ExportContents } from "../export/entries.ts";
import { readTensor } from "../gpu/read-back.ts";
import type { BertClassifier } from "../model/bert.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RunControl } from "../train/control.ts";
import type { StepEvent, TrainEvent } from "../train/events.ts";
import { TrainingRun } from "../train/loop.ts";
import { restoreSnapshot, takeSnapshot, type Snapshot } from "../train/snapshot.ts";
import { loadClassifier, type OpenedModel } from "./open-model.ts";
import { resultsOf, type Results } from "./results.ts";
import { checkMaxLength, score } from "./score.ts";

/** Which of a run's weights. */
export type Weights = "best" | "last";

export interface RunInput {
  opened: OpenedModel;
  recipe: Recipe;
  labelNames: readonly string[];
  train: EncodedDataset;
  validation: EncodedDataset;
  /** Cuts the run short. */
  maxSteps?: number;
}

/** What predictions.csv tells of a validation row. */
export interface ValidationRow {
  tableRow: number;
  text: string;
  pair: string | null;
}

/** One fine-tuning from loaded weights to results and an exported folder; the worker and the command line both hold one. */
export class Run {
  /** All events so far, in order. */
  readonly history: TrainEvent[] = [];
  private readonly training: TrainingRun<ReturnType<BertClassifier["forward"]>["pass"]>;
  private state: "ready" | "training" | "ended" = "ready";
  private active: Weights = "last";
  private last: Snapshot | null = null;
  private readonly scored = new Map<Weights, Results>();

  private constructor(
    private readonly input: RunInput,
    private readonly model: BertClassifier,
    control: RunControl,
  ) {
    const { train, validation, labelNames, recipe, maxSteps, opened } = input;
    const { hiddenDropout: hidden, attentionDropout: attention, classifierDropout: classifier } = opened.config;
    const rates = { hidden, attention, classifier };
    const data = { train, validation, labelNames, rates, ...(maxSteps !== undefined && { maxSteps }) };
    this.training = new TrainingRun(model, data, recipe, control);
  }

  /** Loads the weights onto the running backend. Throws a Problem where recipe, data and model do not fit. */
  static async load(
    input: RunInput,
    control: RunControl,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Run> {
    checkMaxLength(input.recipe.maxLength, input.opened.config.maxPositions);
    const model = await loadClassifier(input.opened, input.labelNames, input.recipe.seed, onProgress);
    try {
      return new Run(input, model, control);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  /** Trains. Throws a Problem when the training diverges; the weights from before are kept. */
  async *events(): AsyncGenerator<TrainEvent> {
    this.state = "training";
    try {
      for await (const event of this.training.events()) {
        this.history.push(event);
        yield event;
      }
    } finally {
      this.state = "ended";
    }
  }

  get labelNames(): readonly string[] {
    return this.input.labelNames;
  }

  get isTraining(): boolean {
    return this.state === "training";
  }

  /** Steps that the weights have had. */
  stepOf(weights: Weights): number {
    if (weights === "best" && this.training.best) return this.training.best.step;
    // The step at which a run diverged changed nothing.
    const changed = (event: TrainEvent): event is StepEvent =>
      event.type === "step" && Number.isFinite(event.loss + event.gradientNorm);
    return this.history.findLast(changed)?.step ?? 0;
  }

  /** The weights scored on all validation rows; computed once. Throws a Problem while training. */
  async results(weights: Weights, onProgress?: (done: number) => void): Promise<Results> {
    const known = this.scored.get(weights);
    if (known) return known;
    if (this.isTraining) throw stillTraining();
    const { validation, labelNames } = this.input;
    const step = this.stepOf(weights);
    const logits = this.logitsAt(step) ?? (await this.scoreValidation(weights, onProgress));
    const results = resultsOf({ weights, step }, labelNames, validation.labels, logits);
    this.scored.set(weights, results);
    return results;
  }

  /** Logits [rows · classes] of any rows; while training only with the last weights, which are those of the moment. */
  async logits(rows: EncodedRows, weights: Weights): Promise<Float32Array> {
    if (!this.isTraining) await this.use(weights);
    else if (weights === "best") throw stillTraining();
    return score(this.model, rows, this.input.labelNames.length);
  }

  /** What the exported folder is made of; `rows` are the validation rows' texts. */
  async exportContents(
    weights: Weights,
    dtype: ExportContents["dtype"],
    rows: readonly ValidationRow[],
    dataName: string,
  ): Promise<ExportContents> {
    const { opened, recipe, labelNames, train } = this.input;
    const { report, truth, probabilities, step } = await this.results(weights);
    await this.use(weights);
    return {
      baseConfig: opened.files.config,
      maxPositions: opened.config.maxPositions,
      weights: this.exportWeights(),
      dtype,
      tokenizerJson: opened.files.tokenizerJson,
      tokenizerConfigJson: opened.files.tokenizerConfigJson,
      extra: opened.files.extra,
      card: {
        name: `${opened.summary.name}-${dataName.replace(/\.[^.]*$/, "")}`,
        baseModel: opened.summary.name,
        baseLicence: opened.summary.licence,
        dataName,
        trainRows: train.rowStart.length - 1,
        labelNames,
        report,
        weights,
        step,
        recipe,
      },
      events: this.history,
      predictions: { rows, truth, probabilities },
    };
  }

  /** Gives back everything on the device. */
  dispose(): void {
    this.model.dispose();
  }

  /** Logits of the validation rows that the run computed itself, at its last or its best full evaluation. */
  private logitsAt(step: number): Float32Array | null {
    const { best, lastFull } = this.training;
    return [lastFull, best].find((full) => full?.step === step)?.logits ?? null;
  }

  private async scoreValidation(weights: Weights, onProgress?: (done: number) => void): Promise<Float32Array> {
    await this.use(weights);
    return score(this.model, this.input.validation, this.input.labelNames.length, onProgress);
  }

  /** Puts the best or the last weights into the model. */
  private async use(weights: Weights): Promise<void> {
    if (this.isTraining) throw stillTraining();
    const { best } = this.training;
    if (weights === this.active || !best || best.step === this.stepOf("last")) return;
    this.last ??= await takeSnapshot(best.weights.keys());
    restoreSnapshot(weights === "best" ? best.weights : this.last);
    this.active = weights;
  }

  /** The model's tensors under their Hugging Face names, packed ones taken apart. */
  private exportWeights(): ExportContents["weights"] {
    const places = new Map(
      this.model.parameters.flatMap((parameter) =>
        parameter.parts.map((name, index) => [name, { parameter, index }] as const),
      ),
    );
    const entries = [...places].map(([name, { parameter }]) => {
      const [rows = 0, ...rest] = parameter.value.shape;
      return { name, shape: [rows / parameter.parts.length, ...rest] };
    });
    const read = async (name: string) => {
      const place = places.get(name);
      if (!place) throw new Error(`There is no tensor ${name}.`);
      const values = await readTensor(place.parameter.value);
      const size = values.length / place.parameter.parts.length;
      return place.parameter.parts.length === 1 ? values : values.slice(place.index * size, (place.index + 1) * size);
    };
    return { entries, read };
  }
}

function stillTraining(): Problem {
  return new Problem({
    found: "The run is still training.",
    expected: "Its results are there when it has ended.",
    remedy: "Wait for its end, or stop it: a stopped run keeps its best and its last weights.",
  });
}
