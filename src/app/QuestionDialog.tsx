import { Button, Group, Modal, Text } from "@mantine/core";
import { useApp } from "./use-app.ts";

/** Asks before something would be lost. Closing it is a no. */
export function QuestionDialog() {
  const question = useApp((app) => app.question);
  return (
    <Modal opened={question !== null} onClose={() => question?.answer(false)} title={question?.title} centered>
      <Text size="sm">{question?.text}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={() => question?.answer(false)}>
          Keep them
        </Button>
        <Button color="red" onClick={() => question?.answer(true)}>
          {question?.confirm}
        </Button>
      </Group>
    </Modal>
  );
}
