import { Anchor } from "@mantine/core";

/** The text of a row; of a long one only the beginning is shown until it is unfolded. */
export function LongText({ text, opened, onToggle }: { text: string; opened: boolean; onToggle: () => void }) {
  const beginning = shortened(text);
  if (beginning === text) return text;
  return (
    <>
      {opened ? text : beginning}{" "}
      <Anchor component="button" type="button" size="sm" aria-expanded={opened} onClick={onToggle}>
        {opened ? "Less" : "Whole text"}
      </Anchor>
    </>
  );
}

/** Characters that are shown of a long text. */
const SHOWN = 400;
/** A text that is longer by no more than this is shown whole. */
const SPARED = 100;

/** The beginning of a long text, cut at a blank where one is near, with an ellipsis; a short text unchanged. */
export function shortened(text: string): string {
  if (text.length <= SHOWN + SPARED) return text;
  const blank = text.lastIndexOf(" ", SHOWN);
  return `${text.slice(0, blank > SHOWN - SPARED ? blank : SHOWN)} …`;
}
