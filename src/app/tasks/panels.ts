import type { ComponentType } from "react";
import type { CsvStyle } from "../../io/csv-cells.ts";
import type { AnyReport, Claims, DecidedLabel } from "../../tasks/task.ts";
import type {
  AnyPrediction,
  ColumnChoice,
  DataSummary,
  EvaluationEvent,
  Results,
  TableSummary,
} from "../../workers/protocol.ts";
import type { ChartProps } from "../run/ChartCard.tsx";
import type { RowReader } from "../run/use-row-texts.ts";

/** What the two parts of the rows are for, in words. */
export interface RowUses {
  train: string;
  held: string;
}

/** The columns of a table, and a change of those that are chosen. */
export interface ColumnsProps {
  table: TableSummary;
  columns: ColumnChoice;
  locked: boolean;
  onChoose: (columns: ColumnChoice) => void;
}

/** What the page shows of a task's rows before a run. */
export interface SetupPanels {
  /** What is to be chosen of the label columns beside the first; nothing where not given. */
  Columns?: ComponentType<ColumnsProps>;
  /** How many rows of each target there are; `uses` where not for training and validation. */
  Rows: ComponentType<{ summary: DataSummary; title?: string; uses?: RowUses }>;
  /** The same in a few words, for the folded card. */
  rowsText: (summary: DataSummary) => string;
  /** Whether a row has one of the labels by name, or any of several; nothing where labels are no names of a whole row. */
  labels?: "one" | "several";
  /** What the same share is held out of for validation, e.g. "each class". */
  heldOf: string;
  /** Cells of text and label as a person reads them, where the file has lists; nothing where they are read as they are. */
  readable?: (cells: { text: string; label: string }) => { text: string; label: string };
  /** Training rows of each class; empty of a task whose rows are not of one class. */
  supports: (summary: DataSummary) => number[];
}

/** A task's chart among those of every run; listed apart from the other panels, as charts are loaded last. */
export interface ChartPanels {
  /** `supports`: see `SetupPanels`. */
  Chart: ComponentType<ChartProps & { supports: number[] }>;
}

/** What a model said of rows, in their order. */
export interface Outcomes {
  predicted: string[];
  /** How sure it is, from 0 to 1; NaN where the task knows no such number. */
  confidence: Float32Array;
  /** 1 where it is not what the row's label says. */
  isWrong: Uint8Array;
}

/** A panel in which rows can be selected. */
export interface Selectable {
  /** The rows that it shows: all that were scored, or those that are selected elsewhere. */
  results: Results;
  /** Whether they are those that are selected elsewhere. */
  isPart: boolean;
  /** What of it is pressed; null where nothing is. */
  pressed: string | null;
  /** Selects some of these rows, by their places among them; what is pressed already is taken back. */
  select: (key: string, name: string, rows: readonly number[]) => void;
  /** Takes back what is pressed. */
  clear: () => void;
}

type Cell = string | number;

/** What the page shows of a run and its results that only its task has. */
export interface RunPanels {
  /** What was mistaken for what, below the charts and in the results; null before the first evaluation. */
  Mistakes: ComponentType<{
    report: AnyReport | null;
    labelNames: string[];
    rows: string;
    /** In the results, where rows can be selected in it. */
    selectable?: Selectable;
  }>;
  /** The scores of a report in full. */
  Scores: ComponentType<{ report: AnyReport; labelNames: readonly string[] }>;
  /** The same in `report.csv`; a line for each metric follows, with its name first, its value second, its rows last. */
  scoreLines: { header: readonly string[]; of: (report: AnyReport, labelNames: readonly string[]) => Cell[][] };
  /** What follows from the scores of each row, in the results below the scores; nothing where not given. */
  RowFigures?: ComponentType<{ results: Results; selectable?: Selectable }>;
  /** What follows from the threshold of a class or label; nothing where there are no thresholds to set. */
  claims?: (results: Pick<Results, "truth" | "scores">, decided: DecidedLabel) => Claims | null;
  /** What the model said of each row that was scored, for the table of rows; nothing where not given. */
  outcomes?: (results: Results) => Outcomes;
  /** The rows that came out wrong, to search, and to filter by what can be selected among the mistakes. */
  Errors: ComponentType<{ session: RowReader; results: Results; selectable: Selectable }>;
  /** What the model says of a text that a person tries; faded while `stale`, where it answers an earlier text. */
  Prediction: ComponentType<{ text: string; labelNames: string[]; prediction: AnyPrediction; stale: boolean }>;
  /** Columns of its own in the lines of `metrics.csv` that are evaluations. */
  columns: (labelNames: readonly string[]) => { header: string[]; cellsOf: (report: AnyReport) => Cell[] };
  /** Further files of the run's numbers. */
  files: readonly {
    name: string;
    csv: (evaluations: readonly EvaluationEvent[], labelNames: readonly string[], style: CsvStyle) => Iterable<string>;
  }[];
}
