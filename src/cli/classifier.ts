import { Problem } from "../problem/problem.ts";
import type { OpenedModel } from "../run/open-model.ts";

/** The class names of a fine-tuned classifier; throws a Problem for a checkpoint without one. */
export function classesOf({ summary }: OpenedModel): string[] {
  if (summary.labelNames) return summary.labelNames;
  throw new Problem({
    found: `${summary.name} has no classifier.`,
    expected: "A fine-tuned classifier was expected.",
    remedy: "Fine-tune it first: npm run -s tabtune -- fit --help",
  });
}
