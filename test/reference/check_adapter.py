"""Does `peft` load what `tabtune fit --adapter` wrote, and say of its validation rows what Tabtune says?

    pip install torch transformers peft
    python check_adapter.py CHECKPOINT_DIR OUT_DIR [--task TASK]

TASK is single-label (where not given), multi-label, regression or token-classification. Prints the largest difference of
any score in predictions.csv, for OUT_DIR/adapter on the checkpoint and for OUT_DIR/model alone, and ends with 1 where one is
above 1e-3 (a number: 1e-3 of the largest), or where entities differ.
"""
import argparse, csv, json, pathlib, sys
import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer, pipeline

options = argparse.ArgumentParser()
options.add_argument("checkpoint", type=pathlib.Path)
options.add_argument("out", type=pathlib.Path)
options.add_argument("--task", default="single-label", choices=["single-label", "multi-label", "regression", "token-classification"])
given = options.parse_args()
asks_words = given.task == "token-classification"
auto = AutoModelForTokenClassification if asks_words else AutoModelForSequenceClassification
labels = json.loads((given.out / "report.json").read_text())["labelNames"]
max_length = json.loads((given.out / "adapter/recipe.json").read_text())["maxLength"]


def rows_of(folder):
    with open(folder / "predictions.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def difference(model, tokenizer, folder):
    """The largest difference of a score, and how far the scores spread."""
    rows = rows_of(folder)
    pairs = [[row["second_text"] for row in rows]] if "second_text" in rows[0] else []
    inputs = tokenizer([row["text"] for row in rows], *pairs, truncation=True, max_length=max_length, padding=True, return_tensors="pt")
    with torch.no_grad():
        logits = model.eval()(**inputs).logits
    found = {"single-label": lambda: logits.softmax(-1), "multi-label": logits.sigmoid, "regression": lambda: logits}[given.task]()
    columns = ["predicted"] if given.task == "regression" else [f"probability_{label}" for label in labels]
    expected = torch.tensor([[float(row[column]) for column in columns] for row in rows])
    scale = max(1.0, expected.abs().max().item())
    return len(rows), (found - expected).abs().max().item() / scale, expected.std(0).max().item()


def other_entities(model, tokenizer, folder):
    """1 where the entities of a row differ, else 0, and how many there are."""
    find = pipeline("token-classification", model=model.eval(), tokenizer=tokenizer, aggregation_strategy="first")
    rows = [row for row in rows_of(folder) if len(tokenizer(row["text"])["input_ids"]) <= max_length]
    tokenizer.model_max_length = max_length
    worst, found = 0.0, 0
    for row in rows:
        expected = json.loads(row["predicted"])
        theirs = [[e["start"] + len(row["text"][e["start"]:e["end"]]) - len(row["text"][e["start"]:e["end"]].lstrip()), e["end"], e["entity_group"]]
                  for e in find(row["text"])]
        found += len(expected)
        worst = max(worst, float(theirs != expected))
    return len(rows), worst, float(found)


base = auto.from_pretrained(given.checkpoint, num_labels=len(labels), id2label=dict(enumerate(labels)),
                            label2id={label: i for i, label in enumerate(labels)}, ignore_mismatched_sizes=True).float()
model = PeftModel.from_pretrained(base, given.out / "adapter")
model.print_trainable_parameters()
worst = 0.0
for name, candidate in [("adapter", model), ("merged by peft", None), ("model", None)]:
    folder = given.out / ("model" if name == "model" else "adapter")
    if name == "merged by peft":
        candidate = model.merge_and_unload()
    elif candidate is None:
        candidate = auto.from_pretrained(folder)
    # A pipeline would not take PEFT's wrapper for a model that labels words.
    inner = candidate.base_model.model if asks_words and name == "adapter" else candidate
    rows, off, spread = (other_entities if asks_words else difference)(inner, AutoTokenizer.from_pretrained(folder), folder)
    worst = max(worst, off)
    print(f"{name}: {rows} rows, largest difference {off:.2e} ({'entities' if asks_words else 'their spread is'} {spread:.2e})")
sys.exit(worst > 1e-3)
