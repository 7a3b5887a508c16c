/** Characters of a long text that are shown of it. */
const SHOWN = 400;
/** So much more than that is no reason to hide the rest. */
const SPARED = 100;

/** The beginning of a long text, up to a blank where one is near, and an ellipsis; a text that is not long as it is. */
export function shortened(text: string): string {
  if (text.length <= SHOWN + SPARED) return text;
  const blank = text.lastIndexOf(" ", SHOWN);
  return `${text.slice(0, blank > SHOWN - SPARED ? blank : SHOWN)} …`;
}
