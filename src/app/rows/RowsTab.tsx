import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useCallback, useDeferredValue, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { counted } from "../../recipe/wording.ts";
import type { Edit, RowQuery, SortKey, ViewedRow } from "../../workers/protocol.ts";
import { wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import type { Weights } from "../run-outcome.ts";
import { FormulaCheckbox } from "../run/FormulaCheckbox.tsx";
import { saveFile } from "../save-file.ts";
import { isActive } from "../state.ts";
import { setupPanelsOf } from "../tasks/setup-panels.ts";
import { useActions, useApp } from "../use-app.ts";
import { classOfKey } from "./class-keys.ts";
import { EarlierRows } from "./EarlierRows.tsx";
import { LabelSelect } from "./LabelSelect.tsx";
import { RowDetail } from "./RowDetail.tsx";
import { confidenceOf, GRID, RowGrid, stateOf, type GridColumn } from "./RowGrid.tsx";
import { UnlabelledRows } from "./UnlabelledRows.tsx";
import { useModelColumns } from "./use-model-columns.ts";
import { useNewRows, useRows, type RowWindows } from "./use-rows.ts";
import styles from "./rows.module.css";
import panel from "../run/panel.module.css";

const everything: RowQuery = { search: "", column: null, show: "all", label: null, sort: "row", descending: false };

const shows: { value: RowQuery["show"]; label: string; needs?: "model" }[] = [
  { value: "all", label: "all rows" },
  { value: "train", label: "training rows" },
  { value: "validation", label: "validation rows" },
  { value: "unlabelled", label: "rows without a label" },
  { value: "empty", label: "rows with an empty cell" },
  { value: "duplicates", label: "rows whose text comes again" },
  { value: "changed", label: "changed rows" },
  { value: "dropped", label: "dropped rows" },
  { value: "wrong", label: "rows the model got wrong", needs: "model" },
];

/** Columns of the table that are laid out beside those that are read. */
const MOST_COLUMNS = 12;

/** All rows of the training table, to search, to correct and to label. */
export function RowsTab({ weights }: { weights: Weights }) {
  const session = useApp((app) => app.session);
  const { table, columns: choice, summary, edits, train } = useApp((app) => app.data);
  const locked = useApp(({ run }) => isActive(run.status));
  const { editRows } = useActions();
  const [query, setQuery] = useState(everything);
  const opened = useApp((app) => app.openedRow);
  // All rows are shown at first, in the order of the table.
  const [current, setCurrent] = useState(opened === null ? 0 : opened - 1);
  const model = useModelColumns(weights);
  // A key that is pressed is shown before the rows that it finds.
  const asked = useDeferredValue(query);
  const source = useMemo(() => ({ train, model: model.version }), [train, model.version]);
  const version = useMemo(() => ({ edits, summary, model: model.version }), [edits, summary, model.version]);
  const rows = useRows(session, asked, source, version);
  const names = table?.columns ?? [];
  const { labels } = (summary && setupPanelsOf(summary)) ?? {};
  const labelNames = useMemo(() => (labels ? (summary?.labelNames ?? []) : []), [labels, summary]);
  const isSeveral = labels === "several";
  const columns = useMemo(
    () => gridColumns(table?.columns ?? [], choice, model.isShown),
    [table?.columns, choice, model.isShown],
  );
  const change = (part: Partial<RowQuery>) => {
    setCurrent(0);
    setQuery({ ...query, ...part });
  };
  const onSort = (sort: SortKey) =>
    change({ sort, descending: query.sort === sort && !query.descending && sort !== "order" });

  const inTurn = useRef<Promise<unknown>>(Promise.resolve());
  const label = useCallback(
    (place: number, name: string) => {
      // One after the other, each by the labels that the one before has left.
      inTurn.current = inTurn.current
        .then(async () => {
          const [row] = await session.rowWindow(place, place + 1);
          if (!row || row.isDropped) return;
          const { labels } = row;
          const isTaken = labels.includes(name);
          const next = isSeveral ? (isTaken ? labels.filter((one) => one !== name) : [...labels, name]) : [name];
          editRows([{ row: row.row, cells: await session.labelCells(next) }]);
        })
        .catch(() => undefined);
    },
    [session, isSeveral, editRows],
  );
  const problem = rows.problem ?? model.problem;
  const edit = (made: Edit) => !locked && editRows([made]);
  const drop = ({ row: number, isDropped }: ViewedRow) => edit({ row: number, dropped: !isDropped });
  const onKey = (event: KeyboardEvent): boolean => {
    const row = rows.windows.at(current);
    if (event.ctrlKey || event.metaKey || event.altKey || !row) return false;
    if (event.key === "Delete" || event.key === "Backspace") {
      drop(row);
      return true;
    }
    const place = classOfKey(event.key, labelNames.length);
    if (place === null) return false;
    if (!locked) {
      label(current, labelNames[place] ?? "");
      if (!isSeveral) setCurrent(Math.min(current + 1, Math.max(0, (rows.count ?? 1) - 1)));
    }
    return true;
  };
  if (!table) return null;
  return (
    <>
      <EarlierRows />
      <UnlabelledRows
        weights={weights}
        onOrdered={() => {
          change({ ...everything, show: "unlabelled", sort: "order" });
          model.renew();
          document.getElementById(GRID)?.focus();
        }}
      />
      <div className={styles.tools}>
        <TextInput
          className={styles.wide}
          type="search"
          label="Search in the rows"
          value={query.search}
          onChange={(event) => change({ search: event.currentTarget.value })}
        />
        <NativeSelect
          label="In"
          value={query.column ?? ""}
          onChange={({ currentTarget: { value } }) => change({ column: value === "" ? null : Number(value) })}
          data={[{ value: "", label: "all columns" }, ...names.map((name, i) => ({ value: String(i), label: name }))]}
        />
        <NativeSelect
          label="Show"
          value={query.show}
          onChange={({ currentTarget: { value } }) =>
            change({ show: shows.find((one) => one.value === value)?.value ?? "all" })
          }
          data={shows.filter(({ needs }) => !needs || model.isShown)}
        />
        {labelNames.length > 0 && (
          <LabelSelect
            label="With the label"
            labelNames={labelNames}
            value={query.label}
            onChange={(name) => change({ label: name })}
          />
        )}
      </div>
      <p role="status">
        {rows.count === null ? "Reading the rows" : `${wholeText(rows.count)} of ${counted(table.rowCount, "row")}`}
        {edits.length > 0 && ` · ${counted(edits.length, "change")} of ${counted(changedRows(edits), "row")}`}
        {locked && " · rows can be changed when the run has ended"}
      </p>
      {problem && <ProblemNote problem={problem} />}
      <RowGrid
        windows={rows.windows}
        count={rows.count ?? 0}
        columns={columns}
        sort={query.sort}
        descending={query.descending}
        onSort={onSort}
        current={current}
        onCurrent={setCurrent}
        onKey={onKey}
      />
      <CurrentRow windows={rows.windows} place={current} count={rows.count}>
        {(row) => (
          <RowDetail
            key={row.row}
            session={session}
            row={row}
            columns={names}
            choice={choice}
            labelNames={labelNames}
            isSeveral={isSeveral}
            locked={locked}
            onLabel={(name) => label(current, name)}
            onDrop={() => drop(row)}
            onCells={(cells) => cells.length > 0 && edit({ row: row.row, cells })}
          />
        )}
      </CurrentRow>
      <SaveRows name={table.name} hasEdits={edits.length > 0} />
    </>
  );
}

interface CurrentRowProps {
  windows: RowWindows;
  place: number;
  count: number | null;
  children: (row: ViewedRow) => ReactNode;
}

/** The current row, as soon as it has come. */
function CurrentRow({ windows, place, count, children }: CurrentRowProps) {
  useNewRows(windows);
  const row = windows.at(place);
  if (row) return children(row);
  return (
    <section className={styles.detail} aria-label="Current row">
      <p>{count === 0 ? "No row is like this. Change the search or what is shown." : "Reading the row."}</p>
    </section>
  );
}

/** The corrected table, and its changes as a patch. */
function SaveRows({ name, hasEdits }: { name: string; hasEdits: boolean }) {
  const session = useApp((app) => app.session);
  const [neutralize, setNeutralize] = useState(false);
  const stem = name.replace(/(\.(csv|tsv|json|jsonl|ndjson|txt|parquet|xlsx|conll))?(\.gz|\.zip)?$/i, "");
  const saveTable = async () => saveFile(`${stem}.corrected.csv`, await session.tableCsv(neutralize));
  const savePatch = async () => saveFile(`${stem}.edits.jsonl`, await session.editPatch(), "application/jsonl");
  return (
    <>
      <div className={`${panel.row} ${styles.save}`}>
        <Button variant="default" onClick={() => void saveTable()}>
          Save the table as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
        <Button variant="default" disabled={!hasEdits} onClick={() => void savePatch()}>
          Save the changes as a patch
        </Button>
      </div>
      <p className={styles.note}>
        The file itself is not changed. Drop a patch onto the page to make its changes again, or pass it to the command
        line with --edits.
      </p>
    </>
  );
}

function changedRows(edits: readonly Edit[]): number {
  return new Set(edits.map(({ row }) => row)).size;
}

function gridColumns(
  names: readonly string[],
  choice: { text: number; pair: number | null } | null,
  hasModel: boolean,
): GridColumn[] {
  const isText = (column: number) => column === choice?.text || column === choice?.pair;
  const shown = names.flatMap((title, column) => (column < MOST_COLUMNS || isText(column) ? [{ title, column }] : []));
  return [
    { title: "Row", sort: "row", width: "58px", cellOf: ({ row }) => wholeText(row) },
    { title: "State", sort: null, width: "112px", cellOf: stateOf },
    ...(hasModel
      ? [
          { title: "Predicted", sort: "predicted", width: "90px", cellOf: ({ predicted = "" }) => predicted } as const,
          { title: "Confidence", sort: "confidence", width: "92px", cellOf: confidenceOf } as const,
        ]
      : []),
    ...shown.map(({ title, column }) => ({
      title,
      column,
      sort: column,
      width: isText(column) ? "minmax(220px, 1fr)" : "minmax(70px, 110px)",
      cellOf: ({ cells }: ViewedRow) => cells[column] ?? "",
    })),
  ];
}
