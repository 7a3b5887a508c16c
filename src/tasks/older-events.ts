import { defaultTask, textTask } from "./registry.ts";

/** An event as a line of `metrics.jsonl` has it. */
type Filed = Record<string, unknown>;

/**
 * Brings an event of an earlier version of `metrics.jsonl` into the form of `train/events.ts`; any other stays as it is.
 * Scores of texts used to be fields of events of their own, and the tokens of a step were counted as masked ones.
 */
export function eventOfToday(event: Filed): Filed {
  switch (event.type) {
    case "earlier":
      return "task" in event ? event : { ...event, task: defaultTask.name };
    case "earlierCorpus":
      return { ...withReport(event), type: "earlier" };
    case "pretrainEvaluation":
      return "report" in event ? event : withReport(event);
    case "pretrainStep": {
      if (!("masked" in event)) return event;
      const { masked: targets, ...rest } = event;
      return { ...rest, targets };
    }
    default:
      return event;
  }
}

/** Puts the scores of a language model into a report. */
function withReport({ loss, perplexity, guessing, rows, masked, ...event }: Filed): Filed {
  const report = { rows, masked, loss, perplexity, ...(guessing !== undefined && { guessing }) };
  return { ...event, task: textTask.name, report };
}
