import type { EntitySpan } from "../../../tasks/token-classification/row-entities.ts";
import { classStyle } from "../../run/class-colors.ts";
import styles from "./entities.module.css";

/** An entity to be marked. */
interface MarkedSpan extends EntitySpan {
  /** What is wrong with it, in a word; nothing where it is right or nobody knows. */
  fault?: string | undefined;
}

interface MarkedTextProps {
  text: string;
  /** In their order; none overlaps another. */
  entities: readonly MarkedSpan[];
  /** All types, by which each has its color. */
  types: readonly string[];
  /** Whether long stretches without an entity are shown by their ends alone. */
  cut?: boolean;
}

/** A text whose entities have the color of their type and its name behind them; wrong ones a ground and a word too. */
export function MarkedText({ text, entities, types, cut = false }: MarkedTextProps) {
  const characters = Array.from(text);
  const between = (from: number, to: number) => characters.slice(from, to).join("");
  const plain = (from: number, to: number) => (cut ? shortened(between(from, to)) : between(from, to));
  const ends = [0, ...entities.map(({ end }) => end)];
  return (
    <span className={styles.text}>
      {entities.map(({ start, end, label, fault }, i) => (
        <span key={start}>
          {plain(ends[i] ?? 0, start)}
          <mark
            className={styles.mark}
            data-fault={fault !== undefined}
            style={{ borderColor: classStyle(types.indexOf(label)).color }}
          >
            {between(start, end)}{" "}
            <small>
              {label}
              {fault !== undefined && ` ${fault}`}
            </small>
          </mark>
        </span>
      ))}
      {plain(ends.at(-1) ?? 0, characters.length)}
    </span>
  );
}

/** Characters that are left at either end of a long stretch without entities. */
const LEFT = 100;

/** Whether a text has a stretch without entities that is cut. */
export function isCut(text: string, entities: readonly EntitySpan[]): boolean {
  const ends = [0, ...entities.map(({ end }) => end)];
  const starts = [...entities.map(({ start }) => start), Array.from(text).length];
  return starts.some((start, i) => start - (ends[i] ?? 0) > LONGEST);
}

/** Characters of the longest stretch that is shown whole. */
const LONGEST = 3 * LEFT;

function shortened(stretch: string): string {
  const characters = Array.from(stretch);
  if (characters.length <= LONGEST) return stretch;
  return `${characters.slice(0, LEFT).join("")} … ${characters.slice(-LEFT).join("")}`;
}
