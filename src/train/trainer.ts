import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { labelledIn } from "../data/row-labels.ts";
import { inPrecision } from "../gpu/precision.ts";
import { runningDevice } from "../gpu/running.ts";
import { accumulate, accumulateAll } from "../ops/accumulate/accumulate.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch, type Task } from "../ops/device-batch.ts";
import { tableRows, type TableRows } from "../ops/embedding/table-rows.ts";
import { scaleBack, scaleDown } from "../ops/gradient-scale/gradient-scale.ts";
import { inMemoryOrder, type Gradients, type Parameter } from "../ops/parameter.ts";
import type { Loss, Targets } from "../tasks/task.ts";
import { compactTable, type CompactTable } from "./compact-table.ts";
import type { Consolidation } from "./consolidation.ts";
import { trainableParameters } from "./frozen.ts";
import { GradientArena } from "./gradient-arena.ts";
import { Optimizer } from "./optimizer.ts";
import { PullToStart } from "./pull-to-start.ts";
import type { TrainingState } from "./run-state.ts";
import type { TrainerSettings } from "./settings.ts";
import { uploadTargets } from "./targets.ts";
import type { Trainable } from "./trainable.ts";

/** What a step left on the device to be read later: its losses (parts of one sum), and the numbers of `gradientNorm`. */
export interface PendingStep {
  losses: Tensor[];
  clip: Tensor;
  /** Makes schedule and bias correction forget the step, which changed nothing. */
  undo: () => void;
  learningRate: number;
  rows: number;
  /** What is labelled: rows, or places that are asked for. */
  labels: number;
  tokens: number;
}

/** A step whose micro-batches come one by one. */
interface OpenStep {
  /** What it divides by, all micro-batches together: the weights of its labels, and what has them: rows or places. */
  weight: number;
  labels: number;
  /** The sum over the micro-batches so far. */
  gradients: Gradients;
  /** The rows that the gradient of the word table has; null where it has all. */
  words: TableRows | null;
}

/** Dropout sees R-Drop's second pass as a micro-batch of this much higher number, which no step reaches. */
const SECOND_PASS = 4096;

/** One optimizer step after another, for any model; knows neither epochs nor evaluation. */
export class Trainer<Pass> {
  readonly trainable: Set<Parameter>;
  /** The same in the order in which their gradients lie in memory. */
  private readonly ordered: readonly Parameter[];
  private readonly optimizer: Optimizer;
  /** Where the gradients of a step are, and those of a pass that are added to them. */
  private readonly arenas: { sums: GradientArena; parts: GradientArena };
  private readonly losses = new Map<Task, Loss>();
  private readonly pull: PullToStart | null;
  private heldTo: Consolidation | null = null;
  /** Levels of parameters that are not unfrozen yet. */
  private waiting = new Set<number>();
  private steps = 0;

  /** @param lossOf makes the loss of either task, once; the trainer disposes it */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly lossOf: (task: Task) => Loss,
    private readonly settings: TrainerSettings,
    private readonly capacity: Capacity,
  ) {
    const candidates = model.parameters.filter(({ task }) => task !== "earlier" || settings.rehearses);
    this.trainable = trainableParameters(candidates, settings.frozen);
    this.ordered = inMemoryOrder(this.trainable);
    this.lossFor("new");
    const top = Math.max(...model.parameters.map(({ level }) => level));
    const arena = () => new GradientArena(this.trainable, (parameter) => this.gradientShape(parameter));
    this.arenas = { sums: arena(), parts: arena() };
    this.optimizer = new Optimizer([...this.trainable], settings, top);
    this.pull = settings.l2sp > 0 ? new PullToStart(this.trainable, settings.l2sp) : null;
  }

  /** Lets only the upper `groups` levels of what trains take part in the next steps (Howard and Ruder 2018, 3.3). */
  unfreeze(groups: number): void {
    const levels = [...new Set([...this.trainable].map(({ level }) => level))].sort((a, b) => b - a);
    this.waiting = new Set(levels.slice(groups));
  }

  /** Holds weights to an earlier task from the next step on; disposed by the trainer. */
  set consolidation(consolidation: Consolidation | null) {
    this.heldTo = consolidation;
    // The gradient of the word table may have another shape from now on.
    this.disposeArenas();
  }

  /** Multiplies the rates of all further steps: see `Plateau` and `findRate`. */
  set rateFactor(factor: number) {
    this.optimizer.rateFactor = factor;
  }

  /** What its next step depends on beside the weights. */
  held(): Pick<TrainingState, "optimizer" | "pull" | "consolidation"> {
    const { parameters } = this.model;
    return {
      optimizer: this.optimizer.held(parameters),
      pull: this.pull?.held(parameters) ?? null,
      consolidation: this.heldTo?.held(parameters) ?? null,
    };
  }

  /** Goes on as a trainer whose state was saved; the weights are restored by others. */
  restore({ step, optimizer, pull }: Pick<TrainingState, "step" | "optimizer" | "pull">): void {
    const { parameters } = this.model;
    this.steps = step;
    this.optimizer.restore(parameters, optimizer);
    if (pull) this.pull?.restore(parameters, pull);
  }

  /** Goes on after step number `step`, which was not finite: those behind it, which changed nothing, are made again. */
  goOnAfter(step: number): void {
    this.steps = step;
    this.optimizer.mend();
  }

  /** One step over all micro-batches together, with exactly the gradient of one large batch. */
  step(microBatches: readonly Batch[]): PendingStep {
    runningDevice().orderFreeBuffers();
    const step = this.openStep(microBatches);
    const { gradients, labels, words } = step;
    const losses = microBatches.flatMap((batch, microBatch) => this.microStep(batch, microBatch, step));
    if (losses.length === 0) throw new Error("A step was given no rows.");
    this.pull?.apply(gradients);
    this.heldTo?.apply(gradients);
    const { learningRate } = this.optimizer;
    const table = this.compact?.parameter;
    const { readback, undo } = this.optimizer.step(gradients, losses, new Map(table && words ? [[table, words]] : []));
    words?.place.dispose();
    runningDevice().submit();
    this.steps++;
    const tokens = microBatches.reduce((sum, { ids }) => sum + ids.length, 0);
    const rows = microBatches.reduce((sum, { rowStart }) => sum + rowStart.length - 1, 0);
    return { losses, clip: readback, undo, learningRate, rows, labels, tokens };
  }

  /**
   * Loss (in parts) of one micro-batch, whose rows count for their share of `step`; its gradients are added to those of
   * the micro-batches before.
   */
  microStep(batch: Batch, microBatch: number, step: OpenStep): Tensor[] {
    const uploaded = uploadBatch(batch, this.capacity, this.model.tables, step.words ?? "training");
    const targets = uploadTargets(batch, uploaded);
    const losses = inPrecision(this.settings.precision, () =>
      this.settings.rDrop > 0
        ? this.twoPasses(uploaded, targets, microBatch, step)
        : this.onePass(uploaded, targets, microBatch, step),
    );
    targets.onDevice.dispose();
    disposeBatch(uploaded);
    return losses;
  }

  private onePass(batch: DeviceBatch, targets: Targets, microBatch: number, step: OpenStep) {
    const { logits, pass } = this.forward(batch, microBatch);
    const { loss, dLogits } = this.lossFor(batch.task).of(logits, targets, step.weight);
    logits.dispose();
    this.addGradients(step.gradients, dLogits, pass, batch);
    dLogits.dispose();
    return [loss];
  }

  /** R-Drop: the mean of two passes' losses, and how far their predictions are apart. */
  private twoPasses(batch: DeviceBatch, targets: Targets, microBatch: number, step: OpenStep) {
    const own = this.lossFor(batch.task);
    const passes = [this.forward(batch, microBatch), this.forward(batch, microBatch + SECOND_PASS)] as const;
    const [first, second] = passes;
    const apart = own.apart(first.logits, second.logits, targets, this.settings.rDrop / step.labels);
    const losses = [apart.loss];
    for (const [{ logits, pass }, dApart] of [
      [first, apart.dFirst],
      [second, apart.dSecond],
    ] as const) {
      const { loss, dLogits } = own.of(logits, targets, 2 * step.weight);
      losses.push(loss);
      accumulate(dLogits, dApart);
      this.addGradients(step.gradients, dLogits, pass, batch);
      for (const held of [logits, dLogits, dApart]) held.dispose();
    }
    return losses;
  }

  /** Goes back through a pass of `batch`, and adds its gradients to `sum`; may scale dLogits. */
  private addGradients(sum: Gradients, dLogits: Tensor, pass: Pass, { places, rows }: DeviceBatch): void {
    const { sums, parts } = this.arenas;
    // Batches of two tasks have a classifier each, so that a later pass may bring the first gradient of a parameter.
    const into = { get: (parameter: Parameter) => (sum.has(parameter) ? parts : sums).get(parameter) };
    // Float16 has no numbers for large gradients, and gradients are linear in those of the logits.
    const scale =
      runningDevice().precision === "mixed"
        ? scaleDown(dLogits, (places?.count ?? rows) * (dLogits.shape[1] ?? 1))
        : null;
    const own = this.model.backward(dLogits, pass, this.trains, into);
    if (scale) {
      scaleBack(
        this.ordered.flatMap((parameter) => own.get(parameter) ?? []),
        scale,
      );
      scale.dispose();
    }
    const pairs: [sum: Tensor, part: Tensor][] = [];
    for (const parameter of this.ordered) {
      const [total, part] = [sum.get(parameter), own.get(parameter)];
      if (total && part) pairs.push([total, part]);
      else if (part) sum.set(parameter, part);
    }
    if (pairs.length > 0) accumulateAll(pairs);
    for (const [, part] of pairs) part.dispose();
  }

  private forward(batch: DeviceBatch, microBatch: number) {
    const { rates, seed } = this.settings;
    return this.model.forward(batch, rates, { seed, step: this.steps, microBatch });
  }

  private lossFor(task: Task): Loss {
    const loss = this.losses.get(task) ?? this.lossOf(task);
    this.losses.set(task, loss);
    return loss;
  }

  private readonly trains = (parameter: Parameter): boolean =>
    this.trainable.has(parameter) && !this.waiting.has(parameter.level);

  /** A step over these micro-batches, none of which has been computed. */
  openStep(microBatches: readonly Batch[]): OpenStep {
    const { compact } = this;
    const ids = microBatches.map((batch) => batch.ids);
    const words = compact && tableRows(ids, compact.parameter.value.shape[0] ?? 0, compact.room);
    const step: OpenStep = { weight: 0, labels: 0, gradients: new Map(), words };
    for (const { labels, labelWidth = 1, task = "new" } of microBatches) {
      step.weight += this.lossFor(task).weightOf(labels);
      step.labels += labelledIn(labels) / labelWidth;
    }
    // Windows without the beginning of a word have no label: a step of such ones has a loss of 0.
    return step.labels === 0 ? { ...step, weight: 1, labels: 1 } : step;
  }

  /** The word table, where its gradient is compact. What pulls weights pulls those of words too that a step has not. */
  private get compact(): CompactTable | null {
    return this.pull || this.heldTo ? null : compactTable(this.model, this.capacity, this.trainable);
  }

  private gradientShape(parameter: Parameter): readonly number[] {
    const { compact } = this;
    const { shape } = parameter.value;
    return parameter === compact?.parameter ? [compact.room, ...shape.slice(1)] : shape;
  }

  /** Frees moments and buffers; the weights stay. */
  dispose(): void {
    this.optimizer.dispose();
    this.disposeArenas();
    this.pull?.dispose();
    this.heldTo?.dispose();
    for (const loss of this.losses.values()) loss.dispose();
  }

  private disposeArenas(): void {
    this.arenas.sums.dispose();
    this.arenas.parts.dispose();
  }
}
