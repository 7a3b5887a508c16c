import type { Recipe } from "../recipe/recipe.ts";
import { scoreOf, type AnyReport, type Metric, type Task } from "../tasks/task.ts";

/** Which full evaluation was best (of equal ones the one of lower loss), and whether to go on looking. */
export class BestSoFar<R extends AnyReport> {
  /** What is judged by. */
  readonly metric: Metric<R>;
  private score = -Infinity;
  private loss = Infinity;
  /** What has to be beaten by `leastGain` before patience runs out. */
  private mark = -Infinity;
  private without = 0;

  constructor(
    private readonly task: Task<R>,
    private readonly recipe: Pick<Recipe, "bestBy" | "earlyStopping" | "leastGain">,
  ) {
    const [first] = task.metrics;
    // The recipe names a metric of the default task; another's first one decides where it has none of that name.
    this.metric = task.metrics.find(({ key }) => key === recipe.bestBy) ?? first;
  }

  /** Takes an evaluation; true when it is the best so far. */
  see(report: R): boolean {
    const loss = this.task.loss.of(report);
    // Weights that overflowed give no numbers, and some class to every row.
    if (!Number.isFinite(loss)) {
      this.without++;
      return false;
    }
    const score = scoreOf(this.metric, report);
    if (score > this.mark + this.recipe.leastGain || this.mark === -Infinity) {
      this.mark = score;
      this.without = 0;
    } else this.without++;
    if (score < this.score || (score === this.score && loss >= this.loss)) return false;
    this.score = score;
    this.loss = loss;
    return true;
  }

  /** True after as many evaluations without gain as early stopping waits for. */
  get hasStalled(): boolean {
    return this.recipe.earlyStopping > 0 && this.without >= this.recipe.earlyStopping;
  }
}
