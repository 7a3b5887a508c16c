import type { EntitySpan } from "../../../tasks/token-classification/row-entities.ts";
import { classStyle } from "../../run/class-colors.ts";
import styles from "./marked-text.module.css";

interface MarkedTextProps {
  text: string;
  /** In their order; none overlaps another. */
  entities: readonly EntitySpan[];
  /** All types, by which each has its color. */
  types: readonly string[];
}

/** A text whose entities have the color of their type and its name behind them. */
export function MarkedText({ text, entities, types }: MarkedTextProps) {
  const characters = Array.from(text);
  const between = (from: number, to: number) => characters.slice(from, to).join("");
  const ends = [0, ...entities.map(({ end }) => end)];
  return (
    <span className={styles.text}>
      {entities.map(({ start, end, label }, i) => (
        <span key={i}>
          {between(ends[i] ?? 0, start)}
          <mark className={styles.mark} style={{ borderColor: classStyle(types.indexOf(label)).color }}>
            {between(start, end)} <small>{label}</small>
          </mark>
        </span>
      ))}
      {between(ends.at(-1) ?? 0, characters.length)}
    </span>
  );
}
