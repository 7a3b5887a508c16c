import { Text } from "@mantine/core";
import type { TextFileSummary, TextsSummary } from "../../workers/protocol.ts";
import { Icon } from "../Icon.tsx";
import { useApp } from "../use-app.ts";
import { count } from "../words.ts";
import { FirstLines } from "./FirstLines.tsx";
import styles from "./setup.module.css";

/** Plain texts as the earlier task: how they are split, and what the model can tell of them. */
export function EarlierTexts({ file, split }: { file: TextFileSummary; split: TextsSummary | null }) {
  const head = useApp((app) => app.model.summary?.languageHead);
  return (
    <>
      <FirstLines lines={file.preview} />
      {split && (
        <Text size="sm">
          {count(split.trainRows)} different texts against forgetting, {count(split.validationRows)} to score: words of
          them are hidden, and the language model is asked.
        </Text>
      )}
      {head === "new" && (
        <div className={styles.finding}>
          <span className={styles.warning}>
            <Icon name="warning" size={16} />
          </span>
          <p>
            The checkpoint has no head of a masked language model, so a new one is asked: its loss is near that of
            guessing, and says and protects little. Continued pretraining on such texts in the same run teaches the head
            first.
          </p>
        </div>
      )}
    </>
  );
}
