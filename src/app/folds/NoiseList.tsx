import { Button, Group, Kbd, Switch } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { counted } from "../../recipe/wording.ts";
import type { RankedIssues, RowText } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { scoreText, wholeText } from "../figures.ts";
import rowStyles from "../rows/rows.module.css";
import { joinedText } from "../run/use-row-texts.ts";
import { useActions, useApp } from "../use-app.ts";
import { noiseOf } from "../actions/noise-actions.ts";
import { decisionsOf, type Decision } from "./decisions.ts";
import styles from "./folds.module.css";
import { useIssueTexts } from "./use-issue-texts.ts";

const ROW_HEIGHT = 32;
const HEIGHT = 360;
const columns = ["Rank", "Row", "Label", "Suggested", "Score", "Decided", "Text"];
const decisionTexts: Record<Decision, string> = { open: "", accepted: "accepted", kept: "kept", dropped: "dropped" };

const named = (label = "") => (label === "" ? "none" : label);

/** All rows by how much their label is in doubt; keys accept a suggestion, keep the label or drop the row. */
export function NoiseList({ session, issues }: { session: Session; issues: RankedIssues }) {
  const { decided } = useApp(noiseOf);
  const edits = useApp(({ data }) => data.edits);
  const { acceptIssue, keepLabel, editRows } = useActions();
  const decisionOf = useMemo(() => decisionsOf(decided, edits), [decided, edits]);
  const { at: textAt, want } = useIssueTexts(session, issues.rows);
  const [isHiding, setHiding] = useState(false);
  const [current, setCurrent] = useState(0);
  const stateAt = (rank: number): Decision => {
    const text = textAt(rank);
    return text ? decisionOf(text.tableRow, issues.given[rank] ?? "") : "open";
  };
  const all = issues.rows.length;
  // Only rows that were looked at can have been decided, and their texts are there.
  const open = isHiding ? [...issues.rows.keys()].filter((rank) => stateAt(rank) === "open") : null;
  const rankAt = (place: number) => (open ? (open[place] ?? 0) : place);
  const count = open ? open.length : all;
  const place = Math.min(current, Math.max(0, count - 1));
  const rank = rankAt(place);
  const text = textAt(rank);
  const state = stateAt(rank);

  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    initialRect: { width: 0, height: HEIGHT },
  });
  const items = list.getVirtualItems();
  const [first, last] = [rankAt(items[0]?.index ?? 0), rankAt(items.at(-1)?.index ?? 0)];
  useEffect(() => want(first - 32, last + 32), [want, first, last]);
  const moveTo = (to: number) => {
    const next = Math.max(0, Math.min(count - 1, to));
    setCurrent(next);
    list.scrollToIndex(next);
  };
  /** A row that is decided leaves the list where decided rows are hidden: the next one then has its place. */
  const advance = () => !isHiding && moveTo(place + 1);
  const suggested = issues.suggestedLabels[rank] ?? null;
  const isSame = issues.suggested[rank] === issues.given[rank];
  const canAccept = suggested !== null && !isSame && state === "open";
  const accept = () => {
    if (!text || !canAccept) return;
    void acceptIssue(text.tableRow, suggested);
    advance();
  };
  const keep = () => {
    if (!text || state === "accepted" || state === "dropped") return;
    keepLabel(text.tableRow, issues.given[rank] ?? "");
    if (state === "open") advance();
  };
  const drop = () => {
    if (!text) return;
    editRows([{ row: text.tableRow, dropped: state !== "dropped" }]);
    if (state !== "dropped") advance();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.floor(HEIGHT / ROW_HEIGHT) - 1;
    const keys: Record<string, () => void> = {
      ArrowDown: () => moveTo(place + 1),
      ArrowUp: () => moveTo(place - 1),
      j: () => moveTo(place + 1),
      k: () => moveTo(place - 1),
      PageDown: () => moveTo(place + page),
      PageUp: () => moveTo(place - page),
      Home: () => moveTo(0),
      End: () => moveTo(count - 1),
      a: accept,
      r: keep,
      Delete: drop,
      Backspace: drop,
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const counts = countsOf(issues, textAt, stateAt);
  return (
    <>
      <div className={styles.counts}>
        <p role="status">{countsText(all, counts)}</p>
        <Switch
          size="xs"
          label="Hide decided rows"
          checked={isHiding}
          onChange={(e) => setHiding(e.currentTarget.checked)}
        />
      </div>
      <div
        ref={scroller}
        className={rowStyles.grid}
        style={{ height: HEIGHT }}
        role="grid"
        aria-label="Labels in doubt"
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        aria-activedescendant={count > 0 ? `doubt-${place}` : undefined}
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div className={rowStyles.inner}>
          <div role="row" aria-rowindex={1} className={`${rowStyles.head} ${styles.line}`}>
            {columns.map((title) => (
              <div role="columnheader" key={title}>
                {title}
              </div>
            ))}
          </div>
          <div role="rowgroup" style={{ height: list.getTotalSize(), position: "relative" }}>
            {items.map(({ index, start }) => {
              const rankHere = rankAt(index);
              const here = textAt(rankHere);
              const cells = [
                wholeText(rankHere + 1),
                here ? wholeText(here.tableRow) : "…",
                named(issues.given[rankHere]),
                named(issues.suggested[rankHere]),
                scoreText(issues.scores[rankHere] ?? NaN),
                decisionTexts[stateAt(rankHere)],
                here ? joinedText(here) : "…",
              ];
              return (
                // Keys act on the current row through the grid, which has the focus.
                <div
                  key={index}
                  id={`doubt-${index}`}
                  role="row"
                  aria-rowindex={index + 2}
                  aria-selected={index === place}
                  className={`${rowStyles.row} ${styles.line} ${index === place ? rowStyles.current : ""}`}
                  style={{ top: start }}
                  onClick={() => setCurrent(index)}
                >
                  {cells.map((cell, column) => (
                    <div role="gridcell" key={columns[column]}>
                      {cell}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <section className={rowStyles.detail} aria-label="Current label in doubt">
        {count === 0 ? (
          <p>All rows are decided.</p>
        ) : (
          <>
            <h3>
              {text ? `Row ${wholeText(text.tableRow)}` : "Reading the row"} · given {named(issues.given[rank])} ·
              suggested {named(issues.suggested[rank])}
              {state === "open" ? "" : ` · ${decisionTexts[state]}`}
            </h3>
            <p className={rowStyles.text} tabIndex={0}>
              {text && joinedText(text)}
            </p>
            <Group gap="xs">
              <Button size="compact-sm" disabled={!canAccept} onClick={accept} rightSection={<Kbd size="xs">a</Kbd>}>
                Accept the suggestion
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={!text || state === "accepted" || state === "dropped"}
                onClick={keep}
                rightSection={<Kbd size="xs">r</Kbd>}
              >
                {state === "kept" ? "Open again" : "Keep the label"}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={!text}
                onClick={drop}
                rightSection={<Kbd size="xs">Del</Kbd>}
              >
                {state === "dropped" ? "Take the row back" : "Drop the row"}
              </Button>
            </Group>
            <p className={rowStyles.note}>
              {suggested === null
                ? "The suggestion is of one word of the row: correct it in the file, or drop the row. "
                : ""}
              With the list focused: j and k or the arrows move, the keys above decide, Ctrl + Z undoes.
            </p>
          </>
        )}
      </section>
    </>
  );
}

type Counts = Record<Exclude<Decision, "open">, number>;

function countsOf(
  { rows }: RankedIssues,
  textAt: (rank: number) => RowText | undefined,
  stateAt: (rank: number) => Decision,
): Counts {
  const counts = { accepted: 0, kept: 0, dropped: 0 };
  for (let rank = 0; rank < rows.length; rank++) {
    if (!textAt(rank)) continue;
    const state = stateAt(rank);
    if (state !== "open") counts[state]++;
  }
  return counts;
}

function countsText(all: number, counts: Counts): string {
  const decided = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${wholeText(count)} ${what}`] : []));
  return [`${counted(all, "row")}, the label in the most doubt first`, ...decided].join(" · ");
}
