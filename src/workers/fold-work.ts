import type { ExportContents } from "../export/entries.ts";
import type { LabelIssues } from "../insight/label-issues.ts";
import { Problem } from "../problem/problem.ts";
import { filedFolds, finalContents, outOfFoldResults } from "../run/fold-contents.ts";
import { labelIssuesCsv, outOfFoldCsv } from "../run/fold-files.ts";
import { originalCount, type FoldsInput } from "../run/fold-result.ts";
import { CrossValidation, type FoldsEvent, type OutOfFold } from "../run/folds.ts";
import type { Results, ScoredOutcomes } from "../run/results.ts";
import type { Run } from "../run/run.ts";
import { scoredOutcomes } from "../run/scored-outcomes.ts";
import { selectedResults } from "../run/selected-results.ts";
import type { RunControl } from "../train/control.ts";
import type { FoldFile, FoldPlace, FoldsRequest, ProbedFolds, RankedIssues, RowText, TrainNotice } from "./protocol.ts";

/** A cross-validation in the training worker: its notices while it runs, and then what the page asks of it. */
export class FoldWork {
  readonly cross: CrossValidation;
  private state: "ready" | "running" | "ended" = "ready";
  private pooled: OutOfFold | null = null;
  private scored: Results | null = null;
  private judged: LabelIssues | null = null;

  /** Throws a Problem where a fold lacks what its task needs. */
  constructor(
    private readonly request: Pick<FoldsRequest, "counts" | "heldOutBy">,
    private readonly input: FoldsInput,
    control: RunControl,
    onPaused: () => void,
  ) {
    this.cross = new CrossValidation(input, control, onPaused);
  }

  get isRunning(): boolean {
    return this.state === "running";
  }

  /** Loads the first fold; the notices from there on. Throws a Problem where it does not begin. */
  async begun(): Promise<AsyncGenerator<TrainNotice>> {
    const events = this.cross.events();
    const first = await events.next();
    return this.notices(first, events);
  }

  private async *notices(
    first: IteratorResult<FoldsEvent>,
    events: AsyncGenerator<FoldsEvent>,
  ): AsyncGenerator<TrainNotice> {
    this.state = "running";
    const { cross } = this;
    try {
      if (cross.isQuick) yield { type: "event", event: this.quickPlan(), of: this.firstPlace() };
      for (let next = first; !next.done; next = await events.next()) {
        const notice = next.value;
        if (notice.type === "fold") {
          const { repeat, fold, trainRows, rows, step, epoch, report } = notice.result;
          yield { type: "fold", scores: { repeat, fold, trainRows, rows, step, epoch, report } };
          continue;
        }
        const { of, event } = notice;
        const isEnd = of === "final" && event.type === "end";
        if (isEnd && cross.isQuick) yield* this.probeOfAll();
        yield { type: "event", event, of: of === "final" ? of : { repeat: of.repeat, fold: of.fold } };
      }
    } finally {
      this.state = "ended";
      await events.return(undefined);
    }
    yield this.ended();
  }

  /** What is said at the end, also where a fold failed. */
  ended(): TrainNotice {
    return { type: "foldsEnd", summary: this.cross.done.length > 0 ? this.cross.summary() : null };
  }

  private firstPlace(): FoldPlace {
    const [{ repeat, fold } = { repeat: 1, fold: 1 }] = this.input.folds;
    return { repeat, fold };
  }

  /** What the plan of a run is where probes alone are fitted. */
  private quickPlan() {
    const rows = originalCount(this.input);
    const none = { steps: 0, stepsPerEpoch: 0, epochs: 0, tokensPerEpoch: 0, trainableParameters: 0, parameters: 0 };
    return { type: "plan", task: this.cross.task.name, trainRows: rows, validationRows: rows, ...none } as const;
  }

  /** The final probe as a baseline, with the scores of the folds: no row is left to score it on. */
  private *probeOfAll(): Generator<TrainNotice> {
    const { cross } = this;
    const baseline = cross.final?.baseline;
    if (!baseline) return;
    yield { type: "event", event: this.quickPlan(), of: "final" };
    const { report, task } = this.outOfFold();
    const { trainRows, probe } = baseline;
    const event = { type: "baseline", task: task.name, report, trainRows, l2: probe.l2, wallMs: 0 } as const;
    yield { type: "event", event, of: "final" };
  }

  /** The results of the folds, as those of the final model. */
  results(): Results {
    return (this.scored ??= outOfFoldResults(this.cross, this.outOfFold(), originalCount(this.input)));
  }

  /** The same of some of the rows, by their places. */
  selected(rows: Int32Array): Results {
    return selectedResults(this.outOfFold().task, this.results(), rows);
  }

  /** How rows came out in the folds: some of them, given by their places, or all; null where the task says it of no row. */
  outcomes(rows?: Int32Array): ScoredOutcomes | null {
    return scoredOutcomes(this.outOfFold().task, rows ? this.selected(rows) : this.results());
  }

  /** The folder of the final model; `rows` are all rows. */
  contents(final: Run, rows: readonly RowText[], choice: Parameters<typeof finalContents>[2]): Promise<ExportContents> {
    const rowOf = (row: number) => rows[row] ?? { line: 0, text: "", pair: null };
    return finalContents(final, { pooled: this.outOfFold(), folds: this.cross.done.length, rowOf }, choice);
  }

  labelIssues(): RankedIssues {
    this.judged ??= this.cross.labelIssues();
    const { issues, share } = this.judged;
    return {
      rows: Int32Array.from(issues, ({ row }) => row),
      scores: Float32Array.from(issues, ({ score }) => score),
      given: issues.map(({ label }) => label),
      suggested: issues.map(({ suggested }) => suggested),
      suggestedLabels: issues.map(({ suggestedLabels }) => suggestedLabels),
      share,
    };
  }

  /**
   * A file about the folds.
   *
   * @param tested scores of the final model on test rows, where these were opened
   */
  file(
    name: FoldFile,
    cells: readonly RowText[],
    neutralize: boolean,
    tested: Parameters<typeof filedFolds>[2]["test"],
  ): Blob {
    const cellsOf = (row: number) => cells[row] ?? { tableRow: 0, text: "", pair: null };
    this.judged ??= this.cross.labelIssues();
    const { issues, share } = this.judged;
    const { counts, heldOutBy } = this.request;
    switch (name) {
      case "out-of-fold.csv":
        return csv(outOfFoldCsv(this.outOfFold(), this.cross.labelNames, cellsOf, { neutralize }));
      case "label-issues.csv":
        return csv(labelIssuesCsv(issues, cellsOf, { neutralize }));
      case "report.json": {
        const filed = filedFolds(this.cross, this.outOfFold(), {
          counts,
          heldOutBy,
          test: tested ?? null,
          noise: share,
        });
        return new Blob([`${JSON.stringify(filed, null, 1)}\n`], { type: "application/json" });
      }
    }
  }

  private outOfFold(): OutOfFold {
    return (this.pooled ??= this.cross.outOfFold());
  }
}

const csv = (lines: Iterable<string>) => new Blob([...lines], { type: "text/csv" });

/** Folds by the probe alone, without a model of all rows. Throws a Problem where they are stopped before their end. */
export async function probedFolds(
  input: FoldsInput,
  request: Pick<FoldsRequest, "counts" | "heldOutBy">,
  control: RunControl,
  onProgress: (done: number, total: number) => void,
): Promise<ProbedFolds> {
  const recipe = { ...input.recipe, effort: "quick" as const };
  const work = new FoldWork(request, { ...input, recipe, foldsAlone: true }, control, () => undefined);
  for await (const notice of work.cross.events()) {
    if (notice.type !== "event" || notice.event.type !== "probe") continue;
    if (notice.event.what === "vectors") onProgress(notice.event.done, notice.event.total);
  }
  if (!work.cross.isComplete) {
    throw new Problem({
      found: "The folds were stopped before their end.",
      expected: "All rows were expected to be scored.",
      remedy: "Start them again.",
    });
  }
  return { issues: work.labelIssues(), summary: work.cross.summary() };
}
