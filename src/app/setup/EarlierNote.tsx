import { Text } from "@mantine/core";
import { useApp } from "../use-app.ts";

/** Where the rows of the earlier task come from, beside the fields that are of no use without them. */
export function EarlierNote() {
  const name = useApp(({ earlier }) => earlier.choice?.source.name ?? null);
  return (
    <Text size="sm" c="var(--quiet)">
      {name
        ? `Rows of the earlier task: ${name}. With all of these at 0 it is only scored.`
        : "These need rows of the task that the model was fine-tuned on before: drop their file in the Data card, under “Earlier task”."}
    </Text>
  );
}
