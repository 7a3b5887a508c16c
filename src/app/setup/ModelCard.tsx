import { Button, Text, Code, List } from "@mantine/core";
import { familyOfType, families } from "../../families/registry.ts";
import { fields } from "../../recipe/fields.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { newHeadReason, spellingNote } from "../../tasks/kept-head.ts";
import { defaultTask, tasks } from "../../tasks/registry.ts";
import type { DataSummary, ModelSummary } from "../../workers/protocol.ts";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeModel } from "../drop/use-take-files.ts";
import { Icon } from "../Icon.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { isActive, type ModelState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { bytes, wholeText, short } from "../figures.ts";
import { SetupCard, type CardState } from "./SetupCard.tsx";
import styles from "./setup.module.css";

/** The checkpoint that is trained further. */
export function ModelCard(state: CardState) {
  const model = useApp((app) => app.model);
  const locked = useApp(({ run }) => isActive(run.status));
  const { useStarter: openStarter, dismissModelProblem } = useActions();
  const takeModel = useTakeModel();
  const { summary, busy, problem } = model;
  return (
    <SetupCard
      {...state}
      opened={state.opened || problem !== null}
      title="Model"
      icon="model"
      line={modelLine(model)}
      ready={summary !== null}
    >
      {problem && <ProblemNote problem={problem} onDismiss={dismissModelProblem} />}
      {busy && <ProgressLine progress={busy} inBytes={/^(Fetching|Reading)/.test(busy.what)} />}
      {summary && <ModelFacts summary={summary} />}
      <div data-field="model-file" tabIndex={-1}>
        <FileZone
          label="Model files"
          icon="model"
          title={summary ? "Drop another checkpoint" : "Drop a checkpoint"}
          hint="Or click to choose: a zip, or all its files."
          folders
          disabled={locked}
          onFiles={takeModel}
        >
          <Button size="xs" variant="default" disabled={locked || busy !== null} onClick={() => void openStarter()}>
            Use the starter model
          </Button>
        </FileZone>
      </div>
      {!summary && (
        <Text size="xs" c="var(--quiet)">
          The starter model is all-MiniLM-L6-v2: 6 layers, 22.7 M parameters, 45 MB, Apache-2.0.
        </Text>
      )}
      <ModelHelp />
    </SetupCard>
  );
}

function modelLine({ summary, busy, problem }: ModelState): string {
  if (!summary) return busy ? busy.what : problem ? "Not opened" : "A checkpoint to start from";
  const { name, family, layers, hiddenSize, parameters } = summary;
  return `${name} · ${familyOfType(family).label}, ${layers} layers of ${hiddenSize} · ${short(parameters)} parameters`;
}

function ModelFacts({ summary }: { summary: ModelSummary }) {
  const data = useApp((app) => app.data.summary);
  const recipe = useApp((app) => app.recipe);
  const hasEarlier = useApp(({ earlier }) => earlier.summary !== null);
  const facts: [string, string][] = [
    ["Layers", `${wholeText(summary.layers)}, ${wholeText(summary.heads)} heads each`],
    ["Hidden size", wholeText(summary.hiddenSize)],
    ["Parameters", wholeText(summary.parameters)],
    ["Weights", `${summary.dtype}, ${bytes(summary.bytes)}`],
    [
      "Vocabulary",
      `${wholeText(summary.vocabularySize)} tokens, ${summary.lowercase ? "lower case" : "upper and lower case"}`,
    ],
    ["Positions", `${wholeText(summary.maxPositions)} tokens at most`],
    ["Classifier", headText(summary, data, recipe, hasEarlier)],
  ];
  return (
    <div>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {[...summary.notes, summary.licence].filter(Boolean).map((note) => (
        <Text key={note} size="sm" c="var(--quiet)" mt={6}>
          {note}
        </Text>
      ))}
      <SentencePooling summary={summary} />
    </div>
  );
}

/** Offers the pooling that a sentence encoder was trained with, as long as the recipe has another one. */
function SentencePooling({ summary: { sentencePooling: own } }: { summary: ModelSummary }) {
  const pooling = useApp(({ recipe }) => recipe.pooling);
  const locked = useApp(({ run }) => isActive(run.status));
  const { setRecipe } = useActions();
  if (own === null || own === pooling) return null;
  const label = fields.pooling.choices.find(({ value }) => value === own)?.label ?? own;
  return (
    <div className={styles.finding} style={{ marginTop: 10 }}>
      <span className={styles.info}>
        <Icon name="info" size={16} />
      </span>
      <div>
        <p>
          The recipe pools in another way than the checkpoint did in its training. Its own way keeps more of what it
          learned, most of all with frozen layers and few rows; the download then needs the lines of its model card.
        </p>
        <Button
          size="compact-xs"
          variant="default"
          my={4}
          disabled={locked}
          onClick={() => void setRecipe({ pooling: own })}
        >
          {`Pool by “${label}”`}
        </Button>
      </div>
    </div>
  );
}

/**
 * What happens to the checkpoint's head: whether the run starts with it, or why not. With an earlier task a copy of it is
 * kept for that task.
 */
function headText(
  { pooling, head }: ModelSummary,
  data: DataSummary | null,
  recipe: Recipe,
  hasEarlier: boolean,
): string {
  const names = named(head.classes ?? []);
  // Without data, what it can be tried with.
  const name = data?.task ?? (head.obstacle === null ? head.kind : defaultTask.name);
  const task = tasks.find((one) => one.name === name) ?? { name };
  const labelNames = data?.labelNames ?? head.classes ?? [];
  const made = "new, made at the start";
  switch (newHeadReason({ head, pooling }, { task, labelNames, recipe })) {
    case null:
      return `kept: ${names}${hasEarlier ? "; a copy as it is now scores the earlier task" : ""}`;
    case "missing":
      return made;
    case "reinitialized":
      return `${made}: the recipe re-initializes it`;
    case "pooling":
      return `${made}; its own reads rows pooled by “${pooling}”`;
    case "labels":
      return `${made}; its own is for ${names}${spellingNote(task, head, labelNames)}${hasEarlier ? " and kept for the earlier task" : ""}`;
  }
}

/** The names of a classifier's outputs; of many the first. */
function named(outputs: readonly string[]): string {
  return outputs.length > 8 ? `${outputs.slice(0, 8).join(", ")} and ${outputs.length - 8} more` : outputs.join(", ");
}

/** Help for those without a checkpoint: which files to get, and which models work. */
function ModelHelp() {
  return (
    <details className={styles.details}>
      <summary>Which files, and which models work</summary>
      <Text size="sm">On a model’s page at the Hugging Face hub, under “Files and versions”, get:</Text>
      <List size="sm" my={6}>
        <List.Item>
          <Code>config.json</Code>
        </List.Item>
        <List.Item>
          <Code>model.safetensors</Code>, or all its parts with <Code>model.safetensors.index.json</Code>
        </List.Item>
        <List.Item>
          <Code>tokenizer.json</Code>; where there is none, <Code>vocab.txt</Code>, or <Code>vocab.json</Code> with{" "}
          <Code>merges.txt</Code>, or <Code>spm.model</Code> (<Code>spiece.model</Code>,{" "}
          <Code>sentencepiece.bpe.model</Code>)
        </List.Item>
        <List.Item>
          <Code>tokenizer_config.json</Code>, if there
        </List.Item>
      </List>
      <Text size="sm">What works:</Text>
      <List size="sm" my={6}>
        {families.map(({ type, label, examples }) => (
          <List.Item key={type}>
            <b>{label}</b>, e.g. {examples}
          </List.Item>
        ))}
      </List>
      <Text size="sm">
        The family is the <Code>model_type</Code> in <Code>config.json</Code>. The model may be a plain encoder, have a
        language-model head or be fine-tuned already, in float32, float16 or bfloat16.
      </Text>
      <Text size="sm" mt={6}>
        What does not work: other model families, and checkpoints that have only <Code>pytorch_model.bin</Code>. A zip
        that was downloaded here works as a checkpoint.
      </Text>
    </details>
  );
}
