import { Button } from "@mantine/core";
import { useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { counted } from "../../recipe/wording.ts";
import { taskNamed } from "../../tasks/registry.ts";
import type { FoldFile } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import charts from "../run/charts.module.css";
import { FormulaCheckbox } from "../run/FormulaCheckbox.tsx";
import panel from "../run/panel.module.css";
import { saveFile } from "../save-file.ts";
import type { FoldsState, RunState } from "../state.ts";
import { FoldCharts } from "./FoldCharts.tsx";
import { FoldsTable } from "./FoldsTable.tsx";

const files: readonly FoldFile[] = ["out-of-fold.csv", "label-issues.csv", "report.json"];

interface FoldsPanelProps {
  session: Session;
  run: RunState;
  folds: FoldsState;
}

/** A cross-validation that has ended: its scores, the curves of the folds over each other, and its files. */
export function FoldsPanel({ session, run, folds }: FoldsPanelProps) {
  const [neutralize, setNeutralize] = useState(false);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const [busy, setBusy] = useState<FoldFile | null>(null);
  const save = async (name: FoldFile) => {
    setBusy(name);
    setProblem(null);
    try {
      saveFile(name, await session.foldFile(name, neutralize));
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setBusy(null);
  };
  const isTrained = folds.curves.some(({ evaluations }) => evaluations.length > 0);
  return (
    <section aria-label="Cross-validation" className={charts.wide}>
      <h2>Cross-validation</h2>
      <p>{whatItIs(folds)}</p>
      <FoldsTable folds={folds} />
      {isTrained && (
        <div className={charts.wide}>
          <FoldCharts run={run} task={taskNamed(folds.task)} />
        </div>
      )}
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
      <div className={panel.row} style={{ marginTop: 12 }}>
        {files.map((name) => (
          <Button
            key={name}
            variant="default"
            size="compact-sm"
            loading={busy === name}
            disabled={busy !== null}
            onClick={() => void save(name)}
          >
            {name}
          </Button>
        ))}
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
    </section>
  );
}

function whatItIs({ counts, done, summary }: FoldsState): string {
  const { folds, repeats } = counts;
  const all = folds * repeats;
  const of = repeats > 1 ? `${counted(folds, "fold")}, ${wholeText(repeats)} times` : counted(folds, "fold");
  const stopped =
    done.length < all ? ` It was stopped: ${counted(done.length, "fold")} of ${wholeText(all)} are complete.` : "";
  const interval =
    summary && done.length > 1
      ? " Intervals allow for training rows that the folds share (Nadeau and Bengio 2003)."
      : "";
  return `${of}: each row is scored by a model that was not trained on it.${stopped}${interval}`;
}
