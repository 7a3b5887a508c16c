import { NativeSelect } from "@mantine/core";
import { useShallow } from "zustand/react/shallow";
import { changeFields } from "../../recipe/augmentation-steps.ts";
import { fields } from "../../recipe/fields.ts";
import { isRelevant, withTask } from "../../recipe/relevance.ts";
import { counted, percent } from "../../recipe/wording.ts";
import type { DataSummary } from "../../workers/protocol.ts";
import { useActions, useApp } from "../use-app.ts";
import { SampleRows } from "./SampleRows.tsx";
import styles from "./setup.module.css";

type NumberName = (typeof changeFields)[number] | "augmentCopies";

/** Shares and numbers of copies that are usual; others are entered in the recipe. */
const offered = { share: [0, 0.02, 0.05, 0.1, 0.2], number: [1, 2, 4, 8, 16] };

interface AugmentationPanelProps {
  summary: DataSummary;
  /** Whether the summary is of the rows as they are; if not, they are being counted. */
  isCurrent: boolean;
  locked: boolean;
}

/** How copies of the training rows are changed, how many there are, and some rows before and after. */
export function AugmentationPanel({ summary, isCurrent, locked }: AugmentationPanelProps) {
  // A share that has no effect, or is refused, stays in reach while it is on.
  const shown = useApp(
    useShallow(({ recipe }) => {
      const own = withTask(recipe, summary.task);
      return changeFields.filter((field) => isRelevant(field, own, false) || recipe[field] > 0);
    }),
  );
  const hasClasses = useApp(({ recipe }) => isRelevant("augmentClasses", withTask(recipe, summary.task), false));
  if (shown.length === 0) return null;
  const { augmented } = summary;
  return (
    <details className={styles.details}>
      <summary>Augmentation</summary>
      <div className={styles.cleaning}>
        <p className={styles.cleaningNote}>
          Changed copies of training rows are trained on too; rows that are held out stay as they are.
        </p>
        <div className={styles.shares}>
          {shown.map((field) => (
            <NumberChoice key={field} field={field} locked={locked} />
          ))}
          <NumberChoice field="augmentCopies" locked={locked} />
          {hasClasses && <ClassChoice locked={locked} />}
        </div>
        <p className={styles.cleaningNote} role="status">
          {!isCurrent
            ? "Counting…"
            : augmented
              ? `${counted(augmented.copies, "copy", "copies")} of ${counted(augmented.rows, "training row")}.`
              : "No copies: all shares are 0."}
        </p>
        {isCurrent && augmented && augmented.samples.length > 0 && (
          <SampleRows title="Rows and changed copies" name="Augmentation" samples={augmented.samples} />
        )}
      </div>
    </details>
  );
}

/** A share, or the number of copies, by a list that has the recipe's own value too. */
function NumberChoice({ field, locked }: { field: NumberName; locked: boolean }) {
  const value = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  const { label, kind } = fields[field];
  const isShare = kind === "share";
  const values = [...new Set([...(isShare ? offered.share : offered.number), value])].sort((a, b) => a - b);
  const text = (one: number) => (isShare ? (one === 0 ? "off" : percent(one)) : String(one));
  return (
    <NativeSelect
      size="xs"
      label={label}
      aria-label={`Augment: ${label}`}
      disabled={locked}
      value={String(value)}
      data={values.map((one) => ({ value: String(one), label: text(one) }))}
      onChange={({ currentTarget }) => void setRecipe({ [field]: Number(currentTarget.value) })}
    />
  );
}

function ClassChoice({ locked }: { locked: boolean }) {
  const value = useApp(({ recipe }) => recipe.augmentClasses);
  const { setRecipe } = useActions();
  const { label, choices } = fields.augmentClasses;
  return (
    <NativeSelect
      size="xs"
      label={label}
      aria-label={`Augment: ${label}`}
      disabled={locked}
      value={value}
      data={[...choices]}
      onChange={({ currentTarget }) =>
        void setRecipe({ augmentClasses: currentTarget.value === "rare" ? "rare" : "all" })
      }
    />
  );
}
