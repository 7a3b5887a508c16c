import { Anchor } from "@mantine/core";
import { shortened } from "./shortened.ts";

/** A text of a row: a long one by its beginning, and as a whole when it is unfolded. */
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
