/**
 * metrics.jsonl: the events of a run, one JSON object a line, in order. Numbers that are not finite become null.
 */
export function* metricsJsonl(events: readonly object[]): Generator<string> {
  for (const event of events) yield `${JSON.stringify(event)}\n`;
}
