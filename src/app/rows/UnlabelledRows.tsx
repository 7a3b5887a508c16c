import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { counted } from "../../recipe/wording.ts";
import type { Progress, Ranking } from "../../workers/protocol.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { hasModel, hasTrained, type Weights } from "../run-outcome.ts";
import { isActive } from "../state.ts";
import { useApp } from "../use-app.ts";
import styles from "./rows.module.css";

/** Rows that are labelled before the model is trained again. */
const BATCH = 40;

const rankings: { value: Ranking; label: string }[] = [
  { value: "margin", label: "the two best answers are close (margin)" },
  { value: "entropy", label: "the answers are spread (entropy)" },
  { value: "diverse", label: `close answers, ${BATCH} rows unlike each other first` },
];

interface UnlabelledRowsProps {
  weights: Weights;
  /** Called when the rows without a label are in order. */
  onOrdered: () => void;
}

/** How many rows have no label, and the button that orders them by what the model is least sure of. */
export function UnlabelledRows({ weights, onOrdered }: UnlabelledRowsProps) {
  const session = useApp((app) => app.session);
  const rows = useApp(({ data }) => data.summary?.unlabelledRows ?? 0);
  const run = useApp((app) => app.run);
  const [by, setBy] = useState<Ranking>("margin");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  if (rows === 0) return null;
  const canAsk = hasModel(run) && !isActive(run.status);
  const order = async () => {
    setProblem(null);
    setProgress({ what: "Tokenizing", done: 0, total: rows });
    try {
      await session.rankUnlabelled(hasTrained(run) ? weights : "baseline", by, BATCH, setProgress);
      onOrdered();
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setProgress(null);
  };
  return (
    <section className={styles.unlabelled} aria-label="Rows without a label">
      <p>
        {counted(rows, "row has", "rows have")} no label.{" "}
        {canAsk
          ? "Label those first that the model is least sure of; then start again under Training."
          : "After a run (the effort “quick” is enough) they can be ordered by what the model is least sure of."}
      </p>
      {canAsk && (
        <div className={styles.tools}>
          <NativeSelect
            label="Least sure is where"
            value={by}
            onChange={({ currentTarget: { value } }) =>
              setBy(rankings.find((one) => one.value === value)?.value ?? "margin")
            }
            data={rankings}
          />
          <Button disabled={progress !== null} onClick={() => void order()}>
            Show the least sure first
          </Button>
          {progress && (
            <Button variant="default" onClick={() => void session.stop()}>
              Stop
            </Button>
          )}
        </div>
      )}
      {progress && <ProgressLine progress={progress} />}
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
    </section>
  );
}
