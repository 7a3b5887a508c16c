import { Code, List, Text } from "@mantine/core";
import styles from "./setup.module.css";

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
        What works: models whose <Code>config.json</Code> says <Code>&quot;model_type&quot;: &quot;bert&quot;</Code>, as
        plain encoder, with a masked-language head, or fine-tuned already; in float32, float16 or bfloat16. For example
        bert-base-uncased, bert-base-multilingual-cased, or a MiniLM in BERT’s form.
      </Text>
      <Text size="sm" mt={6}>
        What does not: RoBERTa, DistilBERT, DeBERTa, ALBERT, GPT, and files named <Code>pytorch_model.bin</Code> alone.
        A zip that was downloaded here works again.
      </Text>
    </details>
  );
}
