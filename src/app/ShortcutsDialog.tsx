import { Kbd, Modal, Table } from "@mantine/core";
import { keyLines } from "./page-actions.ts";

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" centered>
      <Table>
        <Table.Tbody>
          {keyLines().map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {keys.map((key, i) => (
                  <span key={key}>
                    {i > 0 && " + "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
