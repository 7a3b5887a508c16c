import type { ReactNode } from "react";
import styles from "./selection.module.css";

interface CellButtonProps {
  /** What is selected, e.g. "true ham, predicted spam". */
  label: string;
  pressed: boolean;
  onPress: () => void;
  children: ReactNode;
}

/** A number in a table that selects the rows which it counts. */
export function CellButton({ label, pressed, onPress, children }: CellButtonProps) {
  return (
    <button
      type="button"
      className={styles.cell}
      aria-pressed={pressed}
      aria-label={typeof children === "string" ? `${children}: ${label}` : label}
      title={pressed ? `Selected: ${label}` : `Select the rows: ${label}`}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
