import { Checkbox } from "@mantine/core";

/** Offers to write a CSV file so that spreadsheet programs run no cell of it as a formula. */
export function FormulaCheckbox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <Checkbox
      label="Neutralize formulas (= + - @) in CSV"
      title="Puts an apostrophe before cells that a spreadsheet program would run. The file then no longer holds the exact texts."
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
