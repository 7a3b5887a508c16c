import type { RowLabels } from "../../data/row-labels.ts";
import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { MultiLabelScorer } from "../../metrics/multi-label/scorer.ts";
import type { Scorer } from "../task.ts";

/** What is kept of each row. */
export interface LabelRowScores {
  /** Row-major [rows, labels]. */
  logits: Float32Array;
  /** From which probability on each label is predicted [labels]. */
  thresholds: number[];
  /** Mean binary cross-entropy of each row [rows]. */
  losses: Float32Array;
}

/** Scores rows, and keeps their logits where they are wanted. */
export class LabelScorer implements Scorer<MultiLabelReport, LabelRowScores> {
  private readonly scorer: MultiLabelScorer;
  private readonly logits: Float32Array;
  private done = 0;

  /** @param keeps whether the logits are wanted */
  constructor(
    truth: RowLabels,
    private readonly thresholds: number[],
    private readonly keeps: boolean,
  ) {
    this.scorer = scorerOf(truth, thresholds);
    this.logits = new Float32Array(keeps ? truth.labels.length : 0);
  }

  add(logits: Float32Array): void {
    this.scorer.add(logits);
    if (!this.keeps) return;
    this.logits.set(logits, this.done);
    this.done += logits.length;
  }

  report(): MultiLabelReport {
    return this.scorer.report();
  }

  scores(): LabelRowScores {
    return { logits: this.logits, thresholds: this.thresholds, losses: this.scorer.rowLosses() };
  }
}

/** The threshold of each label with the best F1 on some rows [labels]. */
export function bestThresholds(truth: RowLabels, { logits, thresholds }: LabelRowScores): number[] {
  const scorer = scorerOf(truth, thresholds);
  scorer.add(logits);
  return scorer.bestThresholds();
}

function scorerOf({ labels }: RowLabels, thresholds: number[]): MultiLabelScorer {
  return new MultiLabelScorer({ labels: thresholds.length, truth: Uint8Array.from(labels) }, thresholds);
}
