import { useEffect, useRef, useState } from "react";
import { reportProblem } from "../../problem/problem.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { isActive } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import styles from "./drop.module.css";
import { filesOfDrop } from "./read-drop.ts";
import { useTakeFiles } from "./use-take-files.ts";

/**
 * Makes the whole page a drop target, and shows which files of any zone were not opened. A zone that handles a drop
 * itself (by preventing the default) goes first.
 */
export function PageDrop() {
  const [over, setOver] = useState(false);
  const problems = useApp(({ fileProblems }) => fileProblems);
  const { refuseFiles, dismissFileProblem } = useActions();
  const takeFiles = useTakeFiles();
  const locked = useApp(({ run }) => isActive(run.status));

  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const dragOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const dragLeave = (event: DragEvent) => {
      // Null when the pointer left the window, but not when it moved between elements.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.defaultPrevented || !event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      filesOfDrop(event.dataTransfer)
        .then(takeFiles)
        .catch((error: unknown) => refuseFiles(reportProblem(error)));
    };
    window.addEventListener("dragover", dragOver);
    window.addEventListener("dragleave", dragLeave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", dragOver);
      window.removeEventListener("dragleave", dragLeave);
      window.removeEventListener("drop", drop);
    };
  }, [takeFiles, refuseFiles]);

  // The file may have been dropped far below this message.
  const notes = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0) notes.current?.scrollIntoView({ block: "nearest" });
  }, [problems]);

  return (
    <>
      {over && (
        <div className={styles.overlay}>
          {locked ? "Stop the run first: its data and model are in use." : "Drop a table, a checkpoint, or a recipe"}
        </div>
      )}
      <div ref={notes}>
        {problems.map((problem) => (
          <div key={problem.found} className={styles.problem}>
            <ProblemNote problem={problem} onDismiss={() => dismissFileProblem(problem)} />
          </div>
        ))}
      </div>
    </>
  );
}
