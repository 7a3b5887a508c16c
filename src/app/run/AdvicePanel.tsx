import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { advise } from "../../advice/advice.ts";
import { type Finding, practices, sections, type Remedy } from "../../advice/finding.ts";
import { ofClassifier, ofLanguageModel, ofOtherTasks, type RunRecord } from "../../advice/record.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { HandbookLink } from "../HandbookLink.tsx";
import { Icon } from "../Icon.tsx";
import { isActive, type RunState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted } from "../../recipe/wording.ts";
import { useTurn } from "./use-turn.ts";
import styles from "./advice.module.css";

/**
 * Findings about the run, and what to do about them. During the run it is one line of titles, so that the charts below
 * do not move when a finding comes; at the end it shows every finding in full.
 */
export function AdvicePanel({ run }: { run: RunState }) {
  const active = isActive(run.status);
  /** What a person chose, and whether the run was active then: its end shows the findings whatever was chosen before. */
  const [chosen, setChosen] = useState<{ open: boolean; active: boolean } | null>(null);
  const shown = useTurn(run, 4);
  const findings = useMemo(() => {
    const record = runRecord(shown);
    return record ? advise(record) : [];
  }, [shown]);
  const open = chosen?.active === active ? chosen.open : !active;
  return (
    <section className={styles.panel} aria-label="Advice">
      <div className={styles.head}>
        <h2>Advice</h2>
        <p className={active ? styles.summary : styles.ended} role="status" title={titles(findings)}>
          {findings.length === 0 ? calmText(shown) : titles(findings)}
        </p>
        <Button
          variant="default"
          size="compact-sm"
          aria-expanded={open}
          disabled={findings.length === 0}
          onClick={() => setChosen({ open: !open, active })}
        >
          {open ? "Hide" : "Show"}
        </Button>
      </div>
      {open && findings.length > 0 && (
        <div role="group" aria-label="Findings" className={styles.findings}>
          <p className={styles.quiet}>
            {active
              ? "The recipe is locked during the run: the buttons work once it has ended, for the next run."
              : "The buttons change the recipe for the next run; Undo reverts it."}
          </p>
          {findings.map((finding) => (
            <AdviceFinding key={finding.id} finding={finding} locked={active} />
          ))}
        </div>
      )}
    </section>
  );
}

/** Changes when a finding comes or goes, not with every number in it. */
function titles(findings: readonly Finding[]): string {
  return findings.map(({ title, certainty }) => `${title} (${certainty})`).join(", ");
}

/** The text without findings: what was looked at. */
function calmText({ status, steps, evaluations }: RunState): string {
  if (steps.length === 0) return isActive(status) ? "Nothing to judge yet." : "No step was made: nothing to judge.";
  const seen = `${counted(steps.length, "step")} and ${counted(evaluations.length, "evaluation")}`;
  return status === "failed" ? `Nothing stood out in ${seen} before the run failed.` : `Nothing stands out in ${seen}.`;
}

/** One finding: what was seen, how sure it is, and what to do, with a button where a change of the recipe does it. */
function AdviceFinding({ finding, locked }: { finding: Finding; locked: boolean }) {
  const { id, title, text, severity, certainty, remedies, anchor } = finding;
  const heading = `advice-${id}`;
  return (
    <article className={styles.finding} aria-labelledby={heading}>
      <span className={severity === "low" ? styles.quiet : styles.warning}>
        <Icon name={severity === "low" ? "info" : "warning"} size={16} />
      </span>
      <div>
        <h3 id={heading}>
          {title} <span className={styles.quiet}>· {certainty}</span>
        </h3>
        <p>{text}</p>
        <ul>
          {remedies.map(({ text: words, change, practice }) => (
            <li key={words}>
              {change && <AdviceButton change={change} locked={locked} />}
              <span>
                {words}
                {practice && (
                  <>
                    {" "}
                    <HandbookLink anchor={practice}>How: {practices[practice]}</HandbookLink>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
        <p className={styles.quiet}>
          <HandbookLink anchor={anchor}>More in the handbook: {sections[anchor]}</HandbookLink>
        </p>
      </div>
    </article>
  );
}

/**
 * Puts a remedy into the recipe, as one change that Undo reverts. A button that is locked or done can still be focused
 * and says why: one that vanished would lose its reader's place.
 */
function AdviceButton({ change, locked }: { change: NonNullable<Remedy["change"]>; locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const { setRecipe } = useActions();
  const done = hasValues(recipe, change.patch);
  const idle = locked || done;
  return (
    <Button
      variant="default"
      classNames={{ root: styles.button, label: styles.label }}
      size="compact-sm"
      aria-disabled={idle}
      title={locked ? "For the next run: works once this run has ended." : undefined}
      leftSection={done ? <Icon name="check" size={14} /> : undefined}
      onClick={() => {
        if (!idle) void setRecipe(change.patch);
      }}
    >
      {done ? `In the recipe: ${change.label}` : change.label}
    </Button>
  );
}

/** Whether the recipe already has all values of the patch. */
export function hasValues(recipe: Recipe, patch: Partial<Recipe>): boolean {
  return JSON.stringify({ ...recipe, ...patch }) === JSON.stringify(recipe);
}

/** The run as the advice reads it; null before its plan is known. */
export function runRecord(run: RunState): RunRecord | null {
  const { plan, recipe, steps, evaluations, earlier, labelNames, facts } = run;
  if (!plan || !recipe) return null;
  return {
    plan,
    recipe,
    steps,
    evaluations: ofClassifier(evaluations),
    others: ofOtherTasks(evaluations),
    earlier: ofClassifier(earlier),
    earlierTexts: ofLanguageModel(earlier),
    state: stateOf(run),
    labelNames,
    data: facts,
  };
}

function stateOf({ status, end }: RunState): RunRecord["state"] {
  if (isActive(status)) return "running";
  if (status === "failed") return "failed";
  return end?.reason === "stopped" || !end ? "stopped" : "finished";
}
