import { isObject } from "../io/json-object.ts";
import type { Thresholds } from "../metrics/decision.ts";

/** The field `tabtune` of a config.json; empty where there is none. */
export function tabtuneOf(config: unknown): Record<string, unknown> {
  return isObject(config) && isObject(config.tabtune) ? config.tabtune : {};
}

/** The thresholds that config.json states, by name, for these classes or labels; null for those that it does not name. */
export function statedThresholds(config: unknown, labelNames: readonly string[]): Thresholds {
  const { thresholds } = tabtuneOf(config);
  const stated = isObject(thresholds) ? thresholds : {};
  return labelNames.map((name) => {
    const threshold = Object.hasOwn(stated, name) ? stated[name] : null;
    return typeof threshold === "number" ? threshold : null;
  });
}

/** Thresholds by name, of those that have one. */
export function namedThresholds(thresholds: Thresholds, labelNames: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    labelNames.flatMap((name, label) => {
      const threshold = thresholds[label] ?? null;
      return threshold === null ? [] : [[name, threshold] as const];
    }),
  );
}
