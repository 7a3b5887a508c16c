import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import type { TextFileSummary } from "../../workers/protocol.ts";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeOne } from "../drop/use-take-files.ts";
import { FirstLines } from "./FilePreview.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";
import { bytes } from "../figures.ts";
import { counted } from "../../recipe/wording.ts";
import styles from "./setup.module.css";

/** What continued pretraining reads: the table's texts, or those of a plain text file. */
export function PretrainTexts({ locked }: { locked: boolean }) {
  const { wanted, summary, busy, problem } = useApp(({ textFile }) => textFile);
  const { maxLength, longTexts } = useApp(({ recipe }) => recipe);
  const takeText = useTakeOne("openTextFile");
  const { closeTextFile, wantTextFile, dismissTextFileProblem } = useActions();
  const mode = summary || wanted ? "file" : "table";
  const choose = (value: string) => {
    if (value === "table") void closeTextFile();
    else wantTextFile();
  };
  return (
    <div data-field="pretrain-texts" tabIndex={-1}>
      <h3 className={styles.subtitle}>Texts to pretrain on</h3>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Texts to pretrain on"
        disabled={locked}
        value={mode}
        onChange={choose}
        data={[
          { value: "table", label: "Those of the table" },
          { value: "file", label: "From a text file" },
        ]}
      />
      {mode === "table" ? (
        <Text size="sm" c="var(--quiet)" mt={4}>
          The texts of the training rows. A text file may hold many more, since pretraining needs no labels.
        </Text>
      ) : (
        <div className={styles.textFile}>
          {problem && <ProblemNote problem={problem} onDismiss={dismissTextFileProblem} />}
          {busy && <ProgressLine progress={busy} />}
          {summary && <OpenedFile file={summary} locked={locked} onRemove={() => choose("table")} />}
          <FileZone
            label="Text file"
            icon="text"
            title={summary ? "Drop another text file" : "Drop a plain text file"}
            hint={`One text per line${longTexts === "cut" ? `; the first ${maxLength} tokens of each are read` : ""}. Texts held out for validation are left out.`}
            disabled={locked}
            onFiles={takeText}
          />
        </div>
      )}
    </div>
  );
}

/** Name, size and first lines of the file, and a button to remove it. */
function OpenedFile({ file, locked, onRemove }: { file: TextFileSummary; locked: boolean; onRemove: () => void }) {
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className={styles.fileFacts ?? ""}>
          {file.name} · {counted(file.lines, "line")} · about {counted(rounded(file.words), "word")} ·{" "}
          {bytes(file.bytes)}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          flex="none"
          disabled={locked}
          aria-label="Remove the text file"
          onClick={onRemove}
        >
          Remove
        </Button>
      </Group>
      <FirstLines lines={file.preview} />
    </>
  );
}

/** A count in two significant digits: 12,345 → 12,000. */
function rounded(words: number): number {
  return words < 100 ? words : Number(words.toPrecision(2));
}
