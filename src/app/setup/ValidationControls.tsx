import { Button, Group, SegmentedControl, Slider, Text } from "@mantine/core";
import { useState } from "react";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeValidation } from "../drop/use-take-files.ts";
import type { DataState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { FormatControls } from "./FormatControls.tsx";
import styles from "./setup.module.css";

const smallest = 0.05;
const largest = 0.5;

interface ValidationControlsProps {
  data: DataState;
  /** What the same share is held out of; null where nothing is known of the rows. */
  heldOf: string | null;
  locked: boolean;
}

/** The source of the validation rows: a share of the table, or a second file. */
export function ValidationControls({ data, heldOf, locked }: ValidationControlsProps) {
  const takeValidation = useTakeValidation();
  const { closeValidation, wantValidationFile, overrideValidation } = useActions();
  const { validationTable, wantsValidationFile, summary } = data;
  const mode = validationTable || wantsValidationFile ? "file" : "share";
  const choose = (value: string) => {
    if (value === "share") void closeValidation();
    else wantValidationFile();
  };
  return (
    <div data-field="validation" tabIndex={-1}>
      <h3 className={styles.subtitle}>Validation rows</h3>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Validation rows"
        disabled={locked}
        value={mode}
        onChange={choose}
        data={[
          { value: "share", label: "Split off a share" },
          { value: "file", label: "From a second file" },
        ]}
      />
      {mode === "share" ? (
        <ShareSlider heldOf={heldOf} locked={locked} />
      ) : validationTable ? (
        <>
          <Group justify="space-between" mt="xs">
            <Text size="sm">
              {validationTable.name} · {counted(summary?.validationRows ?? validationTable.rowCount, "row")}
            </Text>
            <Button size="compact-xs" variant="default" disabled={locked} onClick={() => choose("share")}>
              Remove
            </Button>
          </Group>
          <FormatControls
            title="Format of the validation file"
            table={validationTable}
            locked={locked}
            onChoose={(format) => void overrideValidation(format)}
          />
        </>
      ) : (
        <div style={{ marginTop: 8 }}>
          <FileZone
            label="Validation file"
            icon="table"
            title="Drop the validation table"
            hint="With the same columns as the data."
            disabled={locked}
            onFiles={takeValidation}
          />
        </div>
      )}
    </div>
  );
}

function ShareSlider({ heldOf, locked }: Omit<ValidationControlsProps, "data">) {
  const share = useApp(({ recipe }) => recipe.validationShare);
  const { setShare } = useActions();
  const [dragged, setDragged] = useState<number | null>(null);
  return (
    <div style={{ marginTop: 10 }}>
      <Slider
        thumbLabel="Share held out"
        disabled={locked}
        min={Math.min(smallest, share)}
        max={Math.max(largest, share)}
        step={0.01}
        value={dragged ?? share}
        label={null}
        onChange={setDragged}
        onChangeEnd={(value) => {
          setDragged(null);
          void setShare(Math.round(value * 100) / 100);
        }}
      />
      <Text size="sm" c="var(--quiet)" mt={4}>
        {percent(dragged ?? share)} held out{heldOf === null ? "" : `, the same share of ${heldOf}`}. Duplicates stay on
        one side.
      </Text>
    </div>
  );
}
