import { Button } from "@mantine/core";
import { useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { counted } from "../../recipe/wording.ts";
import type { Tested } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import type { Weights } from "../run-outcome.ts";
import { useActions } from "../use-app.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import charts from "./charts.module.css";
import { Figures } from "./Figures.tsx";
import panel from "./panel.module.css";

/** Test rows that were scored, by run and weights: opening a tab again is no further use. */
const opened = new WeakMap<object, Map<Weights, Tested>>();

interface TestSetProps {
  session: Session;
  /** The run, as `opened` knows it. */
  run: object;
  weights: Weights;
  rows: number;
}

/** The rows that were set apart: closed until a person opens them for these weights. */
export function TestSet({ session, run, weights, rows }: TestSetProps) {
  const { recordTest } = useActions();
  const known = opened.get(run);
  const [, setDrawn] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const tested = known?.get(weights);
  const open = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const ofRun = opened.get(run) ?? new Map<Weights, Tested>();
      const scored = await session.testResults(weights);
      opened.set(run, ofRun.set(weights, scored));
      recordTest(scored);
      setDrawn((drawn) => drawn + 1);
    } catch (error) {
      setProblem(reportProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={charts.card} aria-label="Test set">
      <header className={charts.head}>
        <h3>Test set</h3>
        <span className={charts.said} />
      </header>
      {problem && <ProblemNote problem={problem} />}
      {tested ? (
        <TestedRows tested={tested} />
      ) : (
        <>
          <p>
            {counted(rows, "row")} set apart, not scored with these weights. Open them when everything is decided: what
            is chosen by their score is scored too well.
          </p>
          <Button variant="default" size="compact-sm" loading={isBusy} onClick={() => void open()}>
            Score the test set
          </Button>
        </>
      )}
    </section>
  );
}

function TestedRows({ tested }: { tested: Tested }) {
  const { uses, report, labelNames, task } = tested;
  const { Scores } = runPanelsOf({ name: task });
  return (
    <>
      <p className={panel.quiet} role="status">
        {uses === 1
          ? "Used once since these rows were opened."
          : `Used ${uses} times since these rows were opened: if a choice followed from one of these scores, the next are too good.`}
      </p>
      <Figures results={tested} />
      <Scores report={report} labelNames={labelNames} />
    </>
  );
}
