import type { Recipe } from "../recipe/recipe.ts";
import { scoreOf, type AnyReport, type Metric, type Task } from "../tasks/task.ts";

/** What `BestSoFar` has seen. */
export interface BestState {
  score: number;
  loss: number;
  /** What has to be beaten by `leastGain` before patience runs out. */
  mark: number;
  /** Evaluations without gain. */
  without: number;
}

/** Which full evaluation was best (of equal ones the one of lower loss), and whether to go on looking. */
export class BestSoFar<R extends AnyReport> {
  /** What is judged by. */
  readonly metric: Metric<R>;
  state: BestState = { score: -Infinity, loss: Infinity, mark: -Infinity, without: 0 };

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
    const { state } = this;
    const loss = this.task.loss.of(report);
    // Weights that overflowed give no numbers, and some class to every row.
    if (!Number.isFinite(loss)) {
      state.without++;
      return false;
    }
    const score = scoreOf(this.metric, report);
    if (score > state.mark + this.recipe.leastGain || state.mark === -Infinity) {
      state.mark = score;
      state.without = 0;
    } else state.without++;
    if (score < state.score || (score === state.score && loss >= state.loss)) return false;
    state.score = score;
    state.loss = loss;
    return true;
  }

  /** True after as many evaluations without gain as early stopping waits for. */
  get hasStalled(): boolean {
    return this.recipe.earlyStopping > 0 && this.state.without >= this.recipe.earlyStopping;
  }
}
