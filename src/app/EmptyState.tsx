import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { familyLabels } from "../families/registry.ts";
import { BackendLine } from "./BackendLine.tsx";
import { FileZone } from "./drop/FileZone.tsx";
import { useTakeFiles } from "./drop/use-take-files.ts";
import { OtherTab } from "./run-lock/OtherTab.tsx";
import styles from "./App.module.css";
import { useActions } from "./use-app.ts";

/** The first view: two drop zones and one button. */
export function EmptyState() {
  const takeFiles = useTakeFiles();
  const { trySample, useSample: openSample, useStarter: openStarter } = useActions();
  return (
    <Stack className={styles.empty ?? ""} gap="xl">
      <Title order={2} className={styles.lead ?? ""}>
        Fine-tune a text model in this tab. Nothing leaves your computer.
      </Title>
      <OtherTab />
      <div className={styles.zones}>
        <FileZone
          label="Data files"
          icon="table"
          title="Drop a table of texts and labels"
          hint="Or click to choose. CSV, TSV, JSON, Parquet, XLSX or CoNLL, columns in any order."
          onFiles={takeFiles}
        >
          <Button size="xs" variant="default" onClick={() => void openSample()}>
            Use the sample
          </Button>
        </FileZone>
        <FileZone
          label="Model files"
          icon="model"
          title="Drop a checkpoint"
          hint={`${familyLabels}. Or click to choose. A folder, a zip, or its files: config.json, model.safetensors, tokenizer.json.`}
          folders
          onFiles={takeFiles}
        >
          <Button size="xs" variant="default" onClick={() => void openStarter()}>
            Use the starter model
          </Button>
        </FileZone>
      </div>
      <Group gap="md">
        <Button size="lg" onClick={() => void trySample()}>
          Try it with a sample
        </Button>
        <Text size="sm" c="var(--quiet)" className={styles.grow ?? ""}>
          5,574 text messages, spam or not, and a small model of 45 MB. Training begins by itself.
        </Text>
      </Group>
      <Paper className={styles.quiet ?? ""}>
        <BackendLine />
      </Paper>
    </Stack>
  );
}
