/**
 * A regular expression and what its matches become. The model card shows the same in Python, so patterns are of the syntax
 * that both languages read alike: no \s, \w, \d, \b or $, which mean other characters there; letters beyond ASCII by their
 * code; ignoring the case of ASCII letters alone.
 */
export interface Replacement {
  pattern: string;
  by: string;
  /** Whether the case of ASCII letters does not matter. */
  anyCase?: true;
}

/** All replacements, one after another. */
export function replacer(replacements: readonly Replacement[]): (text: string) => string {
  const compiled = replacements.map(({ pattern, by, anyCase }) => ({
    // Without the flag u, letters beyond ASCII never match ASCII ones, as with Python's re.ASCII.
    expression: new RegExp(pattern, anyCase ? "gi" : "g"),
    by,
  }));
  return (text) => compiled.reduce((cleaned, { expression, by }) => cleaned.replace(expression, by), text);
}
