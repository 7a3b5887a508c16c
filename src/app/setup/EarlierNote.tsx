import { Text } from "@mantine/core";
import { useApp } from "../use-app.ts";

/** Where the rows of the earlier task come from, beside the fields that are of no use without them. */
export function EarlierNote() {
  const choice = useApp(({ earlier }) => earlier.choice);
  return (
    <Text size="sm" c="var(--quiet)">
      {choice
        ? `${choice.kind === "rows" ? "Rows" : "Texts"} of the earlier task: ${choice.source.name}. With all of these at 0 it is only scored.`
        : "These need rows of the task that the model was fine-tuned on before, or (consolidation alone) plain texts of the kind it was pretrained on: drop their file in the Data card, under “Earlier task”."}
    </Text>
  );
}
