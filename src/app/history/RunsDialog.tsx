import { Button, Checkbox, FileButton, Modal, NativeSelect } from "@mantine/core";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { counted } from "../../recipe/wording.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { Comparison } from "./Comparison.tsx";
import { readRunFile } from "./run-file.ts";
import { newestFirst, runColumns, sortedRuns, type RunSort } from "./run-columns.ts";
import { freeName, pageHistory, type RunHistory } from "./run-history.ts";
import { RunCard } from "./RunCard.tsx";
import { RunsTable } from "./RunsTable.tsx";
import styles from "./history.module.css";

/** The list of runs that ended in this browser, in a dialog that is open from the beginning. */
export function RunsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      // Escape in a dialog above this one, such as the numbers of the chart, closes that alone.
      closeOnEscape={false}
      onKeyDown={({ key, target, currentTarget }) => {
        if (key === "Escape" && target instanceof Node && currentTarget.contains(target)) onClose();
      }}
      title="Runs"
      size="min(1500px, 96vw)"
      yOffset="2dvh"
      xOffset={0}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Runs history={pageHistory()} />
    </Modal>
  );
}

/** Runs in a table to sort, compare and look into. */
function Runs({ history }: { history: RunHistory }) {
  const { runs, isRead, trouble, later } = useStore(history);
  const [task, setTask] = useState("");
  const [withAll, setWithAll] = useState(false);
  const [sort, setSort] = useState<RunSort>(newestFirst);
  const [current, setCurrent] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // Another tab may have kept a run while this one could not hear of it.
  useEffect(() => {
    const read = () => void history.read();
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [history]);

  const names = [...new Set(runs.map((run) => run.task))];
  const ofTask = names.includes(task) ? task : "";
  const shown = useDeferredValue(
    useMemo(() => runs.filter((run) => ofTask === "" || run.task === ofTask), [runs, ofTask]),
  );
  const columns = useMemo(() => runColumns(shown, withAll), [shown, withAll]);
  const sorted = useMemo(() => sortedRuns(shown, columns, sort), [shown, columns, sort]);
  const compared = useMemo(() => sorted.filter(({ id }) => chosen.has(id)), [sorted, chosen]);
  const looked = runs.find(({ id }) => id === current);
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  return (
    <div className={styles.runs}>
      <p className={styles.kept}>
        What is kept of a run, in this browser alone: names of data and model, recipe, scores, curves, and which
        validation rows were right, by a fingerprint of the rows; texts and weights are not.
      </p>
      {trouble && (
        <p role="alert" className={styles.trouble}>
          {trouble}
        </p>
      )}
      {later > 0 && (
        <p>
          {counted(later, "run was", "runs were")} kept by another version of this page and cannot be shown. Reload it.
        </p>
      )}
      <div className={styles.controls}>
        <Removed history={history} />
        <span className={styles.space} />
        <ImportButton history={history} />
        {runs.length > 0 && (
          <Button size="compact-sm" variant="default" onClick={() => void history.forgetAll()}>
            Forget all runs
          </Button>
        )}
      </div>
      {runs.length === 0 ? (
        <p role="status">
          {isRead ? "No run has ended yet. Each one is listed here when it has." : "Reading the runs."}
        </p>
      ) : (
        <>
          <div className={styles.controls}>
            {names.length > 1 && (
              <NativeSelect
                size="xs"
                aria-label="Task"
                value={ofTask}
                onChange={(event) => setTask(event.currentTarget.value)}
                data={[{ value: "", label: "all tasks" }, ...names.map((name) => ({ value: name, label: name }))]}
              />
            )}
            <Checkbox
              label="All metrics"
              checked={withAll}
              onChange={(event) => setWithAll(event.currentTarget.checked)}
            />
            <span className={styles.space} />
            <span className={styles.kept}>
              {compared.length < 2
                ? "Tick two runs or more to compare them."
                : `${compared.length} runs are compared below.`}
            </span>
          </div>
          <RunsTable
            runs={sorted}
            columns={columns}
            sort={sort}
            onSort={setSort}
            current={current}
            onCurrent={setCurrent}
            chosen={chosen}
            onChoose={choose}
          />
        </>
      )}
      {looked && <RunCard key={looked.id} run={looked} history={history} onClose={() => setCurrent(null)} />}
      {compared.length > 1 && <Comparison runs={compared} />}
    </div>
  );
}

/** Reads runs from files; one that is in the list already stays as it is there. */
function ImportButton({ history }: { history: RunHistory }) {
  const [says, setSays] = useState("");
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const take = async (files: File[]) => {
    setSays("");
    setProblem(null);
    const lines: string[] = [];
    for (const file of files) {
      try {
        const run = await readRunFile(file);
        const { runs } = history.getState();
        const known = runs.find(({ id }) => id === run.id);
        if (!known) await history.add([{ ...run, name: freeName(run.name, runs) }]);
        lines.push(known ? `${file.name} is in the list already, as “${known.name}”.` : `${file.name} was imported.`);
      } catch (error) {
        setProblem(reportProblem(error));
      }
    }
    setSays(lines.join(" "));
  };
  return (
    <>
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
      <span role="status" className={styles.kept}>
        {says}
      </span>
      <FileButton multiple accept=".json,application/json" onChange={(files) => void take(files)}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default">
            Import runs
          </Button>
        )}
      </FileButton>
    </>
  );
}

/** What was deleted last, and the way back. The line keeps its place, so that the table does not move. */
function Removed({ history }: { history: RunHistory }) {
  const removed = useStore(history, (state) => state.removed);
  return (
    <p role="status" className={styles.removed}>
      {removed && (
        <>
          {removed.says}{" "}
          <Button size="compact-xs" variant="default" onClick={() => void history.restore()}>
            Put back
          </Button>
        </>
      )}
    </p>
  );
}
