import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { machineBlocker } from "./actions/machine-actions.ts";
import { ProblemNote } from "./ProblemNote.tsx";
import { ProgressLine } from "./ProgressLine.tsx";
import { fileName, saveFile } from "./save-file.ts";
import { useActions, useApp } from "./use-app.ts";

/** Measures what this machine can do and shows a few figures of it; the whole is saved as a file for others. */
export function MachineLine() {
  const { progress, measured, problem } = useApp(({ machine }) => machine);
  const blocker = useApp(machineBlocker);
  const { measureMachine, stopMeasuring, dismissMachine } = useActions();
  return (
    <Stack gap={4}>
      {progress ? (
        <Group gap="xs" wrap="nowrap" align="end">
          <div style={{ flex: 1 }}>
            <ProgressLine progress={progress} />
          </div>
          <Button variant="subtle" size="compact-xs" onClick={() => void stopMeasuring()}>
            Stop measuring
          </Button>
        </Group>
      ) : (
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="xs" c="var(--quiet)" id="measure-machine-note">
            {blocker ?? "Takes two minutes. The file can help others with the same GPU."}
          </Text>
          <Button
            variant="subtle"
            size="compact-xs"
            style={{ flex: "none" }}
            disabled={blocker !== null}
            aria-describedby="measure-machine-note"
            onClick={() => void measureMachine()}
          >
            Measure this machine
          </Button>
        </Group>
      )}
      {measured && (
        <div role="region" aria-label="This machine">
          <Table fz="xs" verticalSpacing={2}>
            <Table.Tbody>
              {measured.summary.map(({ what, value }) => (
                <Table.Tr key={what}>
                  <Table.Th scope="row" fw="normal">
                    {what}
                  </Table.Th>
                  <Table.Td>{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group gap="xs" justify="end">
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => {
                const [{ value: adapter } = { value: "" }] = measured.summary;
                const name = `tabtune-machine-${fileName(adapter) || "unnamed"}.json`;
                saveFile(name, `${JSON.stringify(measured.measurement, null, 2)}\n`, "application/json");
              }}
            >
              Save as a file
            </Button>
            <Button variant="subtle" size="compact-xs" onClick={dismissMachine}>
              Close
            </Button>
          </Group>
        </div>
      )}
      {problem && <ProblemNote problem={problem} onDismiss={dismissMachine} />}
    </Stack>
  );
}
