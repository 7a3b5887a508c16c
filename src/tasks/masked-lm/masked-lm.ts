import { drawnLabels } from "../../metrics/softmax.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { TextTask } from "../task.ts";

/** Masked language modelling (Devlin et al. 2019): softmax over the vocabulary at each masked place. */
export const maskedLm: TextTask = {
  plainLoss: (outputs) => CrossEntropy.unweighted(outputs),
  drawnLabels,
};
