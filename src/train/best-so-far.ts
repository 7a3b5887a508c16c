import type { Report } from "../metrics/report.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A metric of a report such that more is better: the log loss is turned around. */
export function scoreOf(report: Report, metric: Recipe["bestBy"]): number {
  switch (metric) {
    case "macroF1":
      return report.macro.f1;
    case "accuracy":
      return report.accuracy;
    case "weightedF1":
      return report.weighted.f1;
    case "matthews":
      return report.matthews;
    case "logLoss":
      return -report.logLoss;
  }
}

/** Which full evaluation was best (of equal ones the one of lower log loss), and whether to go on looking. */
export class BestSoFar {
  private score = -Infinity;
  private logLoss = Infinity;
  /** What has to be beaten by `leastGain` before patience runs out. */
  private mark = -Infinity;
  private without = 0;

  constructor(private readonly recipe: Pick<Recipe, "bestBy" | "earlyStopping" | "leastGain">) {}

  /** Takes an evaluation; true when it is the best so far. */
  see(report: Report): boolean {
    // Weights that overflowed give no numbers, and some class to every row.
    if (!Number.isFinite(report.logLoss)) {
      this.without++;
      return false;
    }
    const { bestBy, leastGain } = this.recipe;
    const score = scoreOf(report, bestBy);
    if (score > this.mark + leastGain || this.mark === -Infinity) {
      this.mark = score;
      this.without = 0;
    } else this.without++;
    if (score < this.score || (score === this.score && report.logLoss >= this.logLoss)) return false;
    this.score = score;
    this.logLoss = report.logLoss;
    return true;
  }

  /** True after as many evaluations without gain as early stopping waits for. */
  get hasStalled(): boolean {
    return this.recipe.earlyStopping > 0 && this.without >= this.recipe.earlyStopping;
  }
}
