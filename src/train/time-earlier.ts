import type { Parameter } from "../ops/parameter.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Consolidation } from "./consolidation.ts";
import { METER_ROWS, type Earlier } from "./earlier.ts";

/** Number of rows or texts that are scored and weighed to time an earlier task. */
export const TIMED_ROWS = { scored: 32, weighed: 8 };

/** The recipe under which an earlier task is timed: the same on fewer rows. */
export function timedRecipe(recipe: Recipe): Recipe {
  return { ...recipe, ewcRows: Math.min(recipe.ewcRows, TIMED_ROWS.weighed) };
}

/** What an earlier task adds to the time of a run, beside what its steps take. */
interface TimedEarlier {
  /** Milliseconds of the forgetting meter at one evaluation. */
  scoreMs: number;
  /** The time to measure how important the weights are, once in a run. */
  consolidationMs: number;
  /** What the first turn of each took beyond the second. */
  compileMs: number;
  /** For the steps that are timed. */
  consolidation: Consolidation | null;
}

/**
 * Times an earlier task that was made of `timedRecipe` and `TIMED_ROWS`: each part twice, since the first time compiles
 * kernels and fills the pool of buffers.
 *
 * @param rows of the earlier task that the run itself has
 */
export async function timeEarlier(
  earlier: Earlier,
  trains: (parameter: Parameter) => boolean,
  rows: { train: number; validation: number },
  { ewc, ewcRows }: Pick<Recipe, "ewc" | "ewcRows">,
): Promise<TimedEarlier> {
  let compileMs = 0;
  const timed = async (work: () => Promise<void>) => {
    const turns: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const start = performance.now();
      await work();
      turns.push(performance.now() - start);
    }
    const [first = 0, second = 0] = turns;
    compileMs += Math.max(0, first - second);
    return second;
  };
  const score = await timed(async () => {
    await earlier.score({ scope: "sample", step: 0, epoch: 0 });
  });
  const scoreMs = (score * Math.min(METER_ROWS, rows.validation)) / Math.min(TIMED_ROWS.scored, rows.validation);
  if (ewc === 0) return { scoreMs, consolidationMs: 0, compileMs, consolidation: null };
  let consolidation: Consolidation | null = null;
  const weigh = await timed(async () => {
    consolidation?.dispose();
    const measured = earlier.consolidation(trains);
    let next = await measured.next();
    while (!next.done) next = await measured.next();
    consolidation = next.value;
  });
  const most = Math.min(ewcRows, rows.train);
  const consolidationMs = (weigh * most) / Math.min(TIMED_ROWS.weighed, most);
  return { scoreMs, consolidationMs, compileMs, consolidation };
}
