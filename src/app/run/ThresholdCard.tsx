import { Button, Select, Slider, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { csvText } from "../../io/csv-cells.ts";
import type { Thresholds } from "../../metrics/decision.ts";
import { figuresAs, figuresAt, leastCost, type Costs, type ThresholdFigures } from "../../metrics/ranking/costs.ts";
import { ranked } from "../../metrics/ranking/cuts.ts";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results } from "../../workers/protocol.ts";
import { figureText, scoreText, wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { saveFile } from "../save-file.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import charts from "./charts.module.css";
import { CostPlot } from "./CostPlot.tsx";
import { CostTableDialog, costHeader, costLines } from "./CostTableDialog.tsx";
import panel from "./panel.module.css";
import tables from "./tables.module.css";
import styles from "./threshold.module.css";

interface ThresholdCardProps {
  results: Results;
  /** Sets the thresholds of the weights; null for those that they have by themselves. */
  onSet: (thresholds: Thresholds | null) => Promise<void>;
}

/** Thresholds at which the curve is drawn. */
const grid = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

const TITLE = "What do mistakes cost?";

/** From which probability on a class or label is predicted: a slider, and what each place of it would cost. */
export function ThresholdCard({ results, onSet }: ThresholdCardProps) {
  const { labelNames, decision } = results;
  const isSingle = decision?.own.some((threshold) => threshold === null) === true;
  const [label, setLabel] = useState(() => firstShown(results));
  const [draft, setDraft] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [alarmText, setAlarm] = useState("1");
  const [missText, setMiss] = useState("1");
  const [shows, setShows] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemReport | null>(null);

  const falseAlarm = costOf(alarmText) ?? 1;
  const miss = costOf(missText) ?? 1;
  const found = useMemo(() => {
    const claims = decision && runPanelsOf({ name: results.task }).claims?.(results, { ...decision, label });
    if (!claims) return null;
    const rows = ranked(claims.truth, claims.claims);
    const costs = { falseAlarm, miss };
    return {
      rows,
      curve: grid.map((threshold) => figuresAt(rows, threshold, costs)),
      least: leastCost(rows, costs),
      now: figuresAs(claims.truth, claims.predicted, costs),
    };
  }, [results, decision, label, falseAlarm, miss]);
  if (!decision || !found) return null;

  const { rows, curve, least, now } = found;
  const name = labelNames[label] ?? "";
  const applied = decision.thresholds[label] ?? null;
  const threshold = draft ?? applied ?? 0.5;
  const there = figuresAt(rows, threshold, { falseAlarm, miss });

  const says = `The least cost is ${figureText(least.cost)} per row, at ${scoreText(least.threshold)}.`;
  const isSet = decision.thresholds.some((one, k) => one !== (decision.own[k] ?? null));
  const set = async (thresholds: Thresholds | null) => {
    setBusy(true);
    setProblem(null);
    try {
      await onSet(thresholds);
      setDraft(null);
      setTyped(null);
    } catch (error) {
      setProblem(reportProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (value: number) => {
    setDraft(value);
    setTyped(null);
  };
  const save = () => saveFile("threshold-costs.csv", csvText(costHeader, costLines(curve)), "text/csv");
  const typedProblem = typed !== null && !isThreshold(Number(typed)) ? "A number between 0 and 1, such as 0.3." : null;

  return (
    <section className={charts.card} aria-label={TITLE}>
      <header className={charts.head}>
        <h3>{TITLE}</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button variant="default" size="compact-xs" aria-label={`Table: ${TITLE}`} onClick={() => setShows(true)}>
            Table
          </Button>
          <Button variant="default" size="compact-xs" aria-label={`Save CSV: ${TITLE}`} onClick={save}>
            Save CSV
          </Button>
        </div>
      </header>
      <p className={styles.says}>
        {isSingle
          ? "The most probable class is predicted, unless a class has a threshold: it is then predicted from that probability on."
          : "A label is predicted from its threshold on."}{" "}
        Lower thresholds miss fewer rows and raise more false alarms.
      </p>
      <div className={styles.fields}>
        <Select
          size="xs"
          label={isSingle ? "Class" : "Label"}
          searchable
          allowDeselect={false}
          limit={100}
          data={labelNames.map((text, value) => ({ label: text, value: String(value) }))}
          value={String(label)}
          onChange={(value) => {
            setLabel(Number(value));
            setDraft(null);
            setTyped(null);
          }}
        />
        <CostField label="A false alarm costs" text={alarmText} onText={setAlarm} />
        <CostField label="A miss costs" text={missText} onText={setMiss} />
        <TextInput
          size="xs"
          label="Threshold"
          inputMode="decimal"
          autoComplete="off"
          value={typed ?? String(Number(threshold.toFixed(4)))}
          error={typedProblem}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            if (isThreshold(Number(value))) setDraft(Number(value));
          }}
          onBlur={() => typedProblem === null && setTyped(null)}
        />
      </div>
      <Slider
        mt={10}
        mb={6}
        min={0.01}
        max={0.99}
        step={0.01}
        label={null}
        thumbLabel={`Threshold of ${name}`}
        value={Math.min(0.99, Math.max(0.01, threshold))}
        onChange={choose}
      />
      <div className={styles.parts}>
        <CostPlot
          curve={curve}
          least={least}
          threshold={threshold}
          label={`Cost over the threshold of ${name}. ${says}`}
        />
        <div className={panel.scores} tabIndex={0} role="region" aria-label={`Figures of ${name}`}>
          <FigureTable
            columns={[
              { when: "Now", from: applied === null ? "most probable" : scoreText(applied), figures: now },
              { when: "Slider", from: scoreText(threshold), figures: there },
              { when: "Least cost", from: scoreText(least.threshold), figures: least },
            ]}
          />
        </div>
      </div>
      <p className={styles.says} role="status">
        {says} Found on the {wholeText(results.report.rows)} rows that are reported here: on others it is a little
        worse.
      </p>
      {problem && <ProblemNote problem={problem} />}
      <div className={panel.row}>
        <Button variant="default" size="compact-sm" onClick={() => choose(least.threshold)}>
          Take the least cost
        </Button>
        <Button
          size="compact-sm"
          loading={busy}
          disabled={draft === null || draft === applied}
          onClick={() => void set(decision.thresholds.map((one, k) => (k === label ? threshold : one)))}
        >
          Predict by this threshold
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          disabled={busy || (draft === null && !isSet)}
          onClick={() => {
            if (isSet) void set(null);
            setDraft(null);
            setTyped(null);
          }}
        >
          Reset
        </Button>
      </div>
      {shows && (
        <CostTableDialog title={`${TITLE} ${name}`} says={says} curve={curve} onClose={() => setShows(false)} />
      )}
    </section>
  );
}

/** Says which thresholds were set by hand, and that scores of these rows are then too good. */
export function SetThresholds({ results: { decision, labelNames } }: { results: Results }) {
  const set = decision?.thresholds.flatMap((threshold, k) =>
    threshold === null || threshold === decision.own[k]
      ? []
      : [`${labelNames[k] ?? ""} from ${scoreText(threshold)} on`],
  );
  if (!set || set.length === 0) return null;
  return (
    <p role="note" className={panel.cut}>
      Thresholds were set on the rows that are reported here: {set.join(", ")}. Scores of these rows are a little too
      good; rows set apart to test on tell more. Errors, Try it and Download follow these thresholds.
    </p>
  );
}

interface FigureTableProps {
  columns: { when: string; from: string; figures: Omit<ThresholdFigures, "threshold"> }[];
}

const lines: { name: string; of: (figures: Omit<ThresholdFigures, "threshold">) => string }[] = [
  { name: "Cost per row", of: ({ cost }) => figureText(cost) },
  { name: "Precision", of: ({ precision }) => scoreText(precision) },
  { name: "Recall", of: ({ recall }) => scoreText(recall) },
  { name: "F1", of: ({ f1 }) => scoreText(f1) },
  { name: "False alarms", of: ({ falseAlarms }) => wholeText(falseAlarms) },
  { name: "Misses", of: ({ misses }) => wholeText(misses) },
];

function FigureTable({ columns }: FigureTableProps) {
  return (
    <table className={tables.plain}>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          {columns.map(({ when }) => (
            <th key={when} scope="col">
              {when}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Threshold</th>
          {columns.map(({ when, from }) => (
            <td key={when}>{from}</td>
          ))}
        </tr>
        {lines.map(({ name, of }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {columns.map(({ when, figures }) => (
              <td key={when}>{of(figures)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CostFieldProps {
  label: string;
  text: string;
  onText: (text: string) => void;
}

function CostField({ label, text, onText }: CostFieldProps) {
  return (
    <TextInput
      size="xs"
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      error={costOf(text) === null ? "A number from 0 on." : null}
      onChange={({ currentTarget: { value } }) => onText(value)}
    />
  );
}

/** The cost that a person typed; null where it is none. */
function costOf(text: string): Costs["miss"] | null {
  const cost = text.trim() === "" ? NaN : Number(text);
  return cost >= 0 && cost < Infinity ? cost : null;
}

const isThreshold = (value: number) => value > 0 && value < 1;

/** Beyond so many classes their rows are not counted for the first choice. */
const MOST_COUNTED = 20;

/** A class whose threshold was set, else of a few classes the one with the fewest rows: what is looked for is mostly rare. */
function firstShown(results: Results): number {
  const { task, labelNames, decision } = results;
  const set = decision?.thresholds.findIndex((threshold, k) => threshold !== decision.own[k]) ?? 0;
  if (!decision || set >= 0) return set;
  if (labelNames.length > MOST_COUNTED) return 0;
  const { claims } = runPanelsOf({ name: task });
  const counts = labelNames.map((_, label) => {
    const rows = claims?.(results, { ...decision, label })?.truth.reduce((sum, one) => sum + one, 0) ?? 0;
    return rows > 0 ? rows : Infinity;
  });
  return Math.max(0, counts.indexOf(Math.min(...counts)));
}
