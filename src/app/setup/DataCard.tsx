import { Button, Group, Text } from "@mantine/core";
import { useDeferredValue, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { picked, type Recipe } from "../../recipe/recipe.ts";
import { heldOutText } from "../../recipe/held-out-by.ts";
import type { DataFix, DataSummary, Finding } from "../../workers/protocol.ts";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeTables } from "../drop/use-take-files.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { isActive, type DataState, type FoldChoice } from "../state.ts";
import { useActions, useApp, useSettledData } from "../use-app.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { setupPanelsOf } from "../tasks/setup-panels.ts";
import { AugmentationPanel } from "./AugmentationPanel.tsx";
import { CleaningPanel } from "./CleaningPanel.tsx";
import { ColumnControls } from "./ColumnControls.tsx";
import { BlockingFixes, Doubts, Findings } from "./Findings.tsx";
import { EarlierControls } from "./EarlierControls.tsx";
import { FoldControls } from "./FoldControls.tsx";
import { FirstRows } from "./FilePreview.tsx";
import { FormatControls } from "./FormatControls.tsx";
import { formatText, taskText } from "./format-words.ts";
import { LengthChart } from "./LengthChart.tsx";
import { PretrainTexts } from "./PretrainTexts.tsx";
import { SetupCard, type CardState } from "./SetupCard.tsx";
import { TaskControls } from "./TaskControls.tsx";
import { TestControls } from "./TestControls.tsx";
import { ValidationControls } from "./ValidationControls.tsx";

/**
 * The table's latest summary. It stays while the rows are selected anew, so that what a person has open, and has the
 * focus in, is not taken away by their own change; its counts are then of other rows.
 */
function useLatestSummary({ table, summary }: DataState): DataSummary | null {
  const [latest, setLatest] = useState({ table, summary });
  if (summary ? summary !== latest.summary : table !== latest.table) setLatest({ table, summary });
  return latest.summary;
}

/** The card of the data: how it was read, what it contains, and how it is split. */
export function DataCard(state: CardState) {
  // Deferred, so that the card is drawn in slices: a new table brings rows, bars and lengths together.
  const data = useDeferredValue(useSettledData());
  const locked = useApp(({ run }) => isActive(run.status));
  const recipe = useApp(useShallow((app) => picked(app.recipe, ["maxLength", "longTexts", "windowOverlap"])));
  const earlierName = useApp(({ earlier }) => earlier.choice?.source.name ?? null);
  const folds = useApp((app) => app.folds);
  const pretrains = useApp(({ recipe }) => recipe.pretrainEpochs > 0);
  const { chooseColumns, overrideFormat, applyFix, useSample: openSample, dismissDataProblem, openTab } = useActions();
  const { table, columns, summary, busy, problem } = data;
  const latest = useLatestSummary(data);
  const takeTables = useTakeTables();
  const findings = summary?.findings ?? table?.findings ?? [];
  const { Columns, Rows, heldOf = null, readable } = (summary && setupPanelsOf(summary)) ?? {};
  const fix = (change: DataFix) => void applyFix(change);
  return (
    <SetupCard
      {...state}
      opened={state.opened || problem !== null}
      title="Data"
      icon="table"
      line={dataLine(data, earlierName, folds)}
      ready={table !== null}
      folded={table && <Doubts table={table} findings={findings} locked={locked} onFix={fix} />}
    >
      {problem && <ProblemNote problem={problem} onDismiss={dismissDataProblem} />}
      {busy && <ProgressLine progress={busy} inBytes={busy.what.startsWith("Fetching")} />}
      {table && (
        <>
          <BlockingFixes findings={findings} locked={locked} onFix={fix} />
          <div data-field="columns" tabIndex={-1}>
            <ColumnControls
              table={table}
              columns={columns}
              locked={locked}
              onChoose={(chosen) => void chooseColumns(chosen)}
            />
            {columns && (
              <>
                <TaskControls columns={columns} summary={summary} locked={locked} />
                {Columns && (
                  <Columns
                    table={table}
                    columns={columns}
                    locked={locked}
                    onChoose={(chosen) => void chooseColumns(chosen)}
                  />
                )}
              </>
            )}
          </div>
          <FirstRows table={table} columns={columns} readable={readable} />
          <Button size="xs" variant="default" onClick={() => openTab("rows")}>
            Search, correct and label the rows
          </Button>
          {summary && (
            <>
              {Rows && <Rows summary={summary} />}
              <LengthChart lengths={data.tokenLengths ?? summary.lengths} recipe={recipe} />
              <Measuring />
            </>
          )}
          <Findings findings={[...findings.filter(isNews), ...fitOf(data, recipe)]} locked={locked} onFix={fix} />
          {latest && (
            <>
              <CleaningPanel summary={latest} isCurrent={latest === summary} locked={locked} />
              <AugmentationPanel summary={latest} isCurrent={latest === summary} locked={locked} />
            </>
          )}
          <ValidationControls data={data} heldOf={heldOf} locked={locked} />
          <FoldControls data={data} locked={locked} />
          <TestControls data={data} locked={locked} />
          {pretrains && <PretrainTexts locked={locked} />}
          <FormatControls table={table} locked={locked} onChoose={(format) => void overrideFormat(format)} />
        </>
      )}
      {(table !== null || earlierName !== null) && <EarlierControls locked={locked} />}
      <div data-field="data-file" tabIndex={-1}>
        <FileZone
          label="Data files"
          icon="table"
          title={table ? "Drop another table" : "Drop a table of texts and labels"}
          hint="Or click to choose. CSV, TSV, JSON, Parquet, XLSX or CoNLL."
          disabled={locked}
          onFiles={takeTables}
        >
          <Button size="xs" variant="default" disabled={locked || busy !== null} onClick={() => void openSample()}>
            Use the sample
          </Button>
        </FileZone>
      </div>
      {!table && (
        <Group gap={4}>
          <Text size="xs" c="var(--quiet)">
            The sample is the SMS Spam Collection: 5,574 text messages, spam or not. Almeida and Gómez Hidalgo, CC BY
            4.0.
          </Text>
        </Group>
      )}
    </SetupCard>
  );
}

/** How well the model fits the texts; their length is nothing to be said where they are read in windows. */
const fitOf = ({ fit }: DataState, { longTexts }: Pick<Recipe, "longTexts">) =>
  fit.filter(({ id }) => id !== "beyond-positions" || longTexts !== "windows");

/** What the labels are seen to be stands beside the choice of the task. */
const isNews = ({ id }: Finding) => id !== "detected-task";

/** Progress of counting tokens. */
function Measuring() {
  const measuring = useApp((app) => app.data.measuring);
  return measuring && <ProgressLine progress={measuring} />;
}

/** "SMS Spam · 5,572 rows · ham 87 %, spam 13 % · 20 % held out · UTF-8, comma, header · text → label · single-label". */
function dataLine(data: DataState, earlierName: string | null, folds: FoldChoice): string {
  const { name, table, summary, validationTable, testTable, busy, problem } = data;
  if (!table) return busy ? busy.what : problem ? "Not opened" : "Texts and their labels, as a table";
  const task = taskText(summary?.task ?? table.task);
  const detected = [formatText(table), rolesText(data), task].filter(Boolean);
  if (!summary) return [name, counted(table.rowCount, "row"), ...detected].join(" · ");
  const { testRows = 0 } = summary;
  const rows = summary.trainRows - (summary.augmented?.copies ?? 0) + summary.validationRows + testRows;
  const test = testTable
    ? [`test from ${testTable.name}`]
    : testRows > 0
      ? [`${percent(testRows / rows)} set apart to test`]
      : [];
  const held = folds.isOn
    ? counted(folds.folds, "fold")
    : validationTable
      ? `validation from ${validationTable.name}`
      : `${percent(summary.validationRows / rows)} held out${summary.heldOutBy ? ` (${heldOutText(summary.heldOutBy)})` : ""}`;
  const earlier = earlierName ? [`earlier task ${earlierName}`] : [];
  const own = setupPanelsOf(summary);
  const classes = own ? [own.rowsText(summary)] : [];
  return [name, counted(rows, "row"), ...classes, held, ...test, ...earlier, ...detected].join(" · ");
}

/** "text → label", "premise + hypothesis → label". */
function rolesText({ table, columns }: DataState): string {
  if (!table || !columns) return "";
  const nameOf = (column: number) => table.columns[column] ?? "";
  const texts = columns.pair === null ? [columns.text] : [columns.text, columns.pair];
  const more = columns.moreLabels?.length ?? 0;
  return `${texts.map(nameOf).join(" + ")} → ${nameOf(columns.label)}${more > 0 ? ` and ${more} more` : ""}`;
}
