import { Code, List, Text } from "@mantine/core";
import { families } from "../../families/registry.ts";
import styles from "./setup.module.css";

const trainedModels = families.map(({ label, examples }) => `${label}, e.g. ${examples}.`).join(" ");

/** For who has no checkpoint: which files, and which kinds. */
export function ModelHelp() {
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
          <Code>tokenizer.json</Code>
        </List.Item>
        <List.Item>
          <Code>tokenizer_config.json</Code> and <Code>vocab.txt</Code>, if there
        </List.Item>
      </List>
      <Text size="sm">
        What works: {trainedModels} By <Code>model_type</Code> in <Code>config.json</Code>; as plain encoder, with a
        masked-language head, or fine-tuned already; in float32, float16 or bfloat16.
      </Text>
      <Text size="sm" mt={6}>
        What does not: other families of models, and files named <Code>pytorch_model.bin</Code> alone. A zip that was
        downloaded here works again.
      </Text>
    </details>
  );
}
