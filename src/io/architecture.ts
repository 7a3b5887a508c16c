/** The class that a parsed config.json names first in `architectures`, e.g. "T5ForConditionalGeneration"; null where none is named. */
export function architectureOf(config: unknown): string | null {
  if (typeof config !== "object" || config === null || !("architectures" in config)) return null;
  const named: unknown = config.architectures;
  const first: unknown = Array.isArray(named) ? named[0] : null;
  return typeof first === "string" ? first : null;
}
