import { SegmentedControl } from "@mantine/core";
import { useTakeValidation } from "../drop/use-take-files.ts";
import { heldOutText, type HeldOutBy } from "../../recipe/held-out-by.ts";
import type { DataState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { OtherFile } from "./OtherFile.tsx";
import { ShareSlider } from "./ShareSlider.tsx";
import { SplitColumns } from "./SplitColumns.tsx";
import styles from "./setup.module.css";

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
  const { validationTable, wantsValidationFile, summary, table, columns } = data;
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
        <ShareOfRows heldOf={heldOf} {...(summary?.heldOutBy && { heldOutBy: summary.heldOutBy })} locked={locked} />
      ) : (
        <OtherFile
          what="validation"
          table={validationTable}
          rows={summary?.validationRows}
          locked={locked}
          onRemove={() => choose("share")}
          onFormat={(format) => void overrideValidation(format)}
          onFiles={takeValidation}
        />
      )}
      {table && columns && (mode === "share" || validationTable) && (
        <SplitColumns table={table} columns={columns} splits={mode === "share"} locked={locked} />
      )}
    </div>
  );
}

/** The slider of the validation share, and what it holds out. */
function ShareOfRows({ heldOf, heldOutBy, locked }: Omit<ValidationControlsProps, "data"> & { heldOutBy?: HeldOutBy }) {
  const share = useApp(({ recipe }) => recipe.validationShare);
  const { setShare } = useActions();
  const ofEach = heldOf === null ? "" : `, the same share of ${heldOf}`;
  return (
    <ShareSlider label="Share held out" share={share} locked={locked} onShare={(value) => void setShare(value)}>
      {(shown) =>
        `${shown} held out${heldOutBy ? `: ${heldOutText(heldOutBy)}` : ofEach}. Duplicates stay on one side.`
      }
    </ShareSlider>
  );
}
