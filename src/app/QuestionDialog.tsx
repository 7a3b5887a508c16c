import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { reportProblem } from "../problem/problem.ts";
import type { ProblemReport, Progress } from "../workers/protocol.ts";
import { ProblemNote } from "./ProblemNote.tsx";
import { ProgressLine } from "./ProgressLine.tsx";
import { saveFile } from "./save-file.ts";
import { useActions, useApp, useAppStore } from "./use-app.ts";
import { bytes } from "./figures.ts";

/** Asks before a trained model would be lost, and offers its download. Closing the dialog answers no. */
export function QuestionDialog() {
  const question = useApp((app) => app.question);
  const { amount, saved, problem, download, forget } = useDownload();
  const settle = (yes: boolean) => {
    forget();
    question?.answer(yes);
  };
  return (
    <Modal
      opened={question !== null}
      onClose={() => amount === null && settle(false)}
      title={question?.title}
      centered
      size={540}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Text size="sm">{question?.text}</Text>
      <div role="status">
        {amount && <ProgressLine progress={amount} />}
        {saved && (
          <Text size="sm" mt="xs" fw={600}>
            {saved}
          </Text>
        )}
      </div>
      {problem && <ProblemNote problem={problem} />}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" data-autofocus disabled={amount !== null} onClick={() => settle(false)}>
          Keep them
        </Button>
        <Button variant="default" disabled={amount !== null} onClick={() => void download()}>
          Download first
        </Button>
        <Button color={saved ? undefined : "red"} disabled={amount !== null} onClick={() => settle(true)}>
          {question?.confirm}
        </Button>
      </Group>
    </Modal>
  );
}

/**
 * Downloads the best weights as a float32 zip. The question stays open, since the change needs its own confirmation.
 */
function useDownload() {
  const store = useAppStore();
  const { markDownloaded } = useActions();
  const [amount, setAmount] = useState<Progress | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const forget = () => {
    setSaved(null);
    setProblem(null);
  };
  const download = async () => {
    forget();
    setAmount({ what: "Writing the zip", done: 0, total: 0 });
    try {
      const { session, data } = store.getState();
      const options = { weights: "best", dtype: "float32", form: "merged", dataName: data.name } as const;
      const { name, file } = await session.exportFolder(options, setAmount);
      saveFile(name, file);
      markDownloaded();
      setSaved(`${name} (${bytes(file.size)}) was saved to your downloads.`);
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setAmount(null);
  };
  return { amount, saved, problem, download, forget };
}
