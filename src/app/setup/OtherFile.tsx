import { Button, Group, Text } from "@mantine/core";
import { counted } from "../../recipe/wording.ts";
import type { FormatOverrides, TableSummary } from "../../workers/protocol.ts";
import { FileZone } from "../drop/FileZone.tsx";
import { FormatControls } from "./FormatControls.tsx";

interface OtherFileProps {
  /** What its rows are for. */
  what: "validation" | "test";
  /** Null until it is open. */
  table: TableSummary | null;
  /** Rows that are used of it, once they are known. */
  rows: number | undefined;
  locked: boolean;
  onRemove: () => void;
  onFormat: (format: FormatOverrides) => void;
  onFiles: (files: File[]) => void;
}

/** A file of rows beside those that are trained on: where it is dropped, and how it was read. */
export function OtherFile({ what, table, rows, locked, onRemove, onFormat, onFiles }: OtherFileProps) {
  if (!table) {
    return (
      <div style={{ marginTop: 8 }}>
        <FileZone
          label={what === "test" ? "Test file" : "Validation file"}
          icon="table"
          title={`Drop the ${what} table`}
          hint="With the same columns as the data."
          disabled={locked}
          onFiles={onFiles}
        />
      </div>
    );
  }
  return (
    <>
      <Group justify="space-between" mt="xs">
        <Text size="sm">
          {table.name} · {counted(rows ?? table.rowCount, "row")}
        </Text>
        <Button size="compact-xs" variant="default" disabled={locked} onClick={onRemove}>
          Remove
        </Button>
      </Group>
      <FormatControls title={`Format of the ${what} file`} table={table} locked={locked} onChoose={onFormat} />
    </>
  );
}
