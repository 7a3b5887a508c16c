"""Does `peft` load what `tabtune fit --adapter` wrote, and say of its validation rows what Tabtune says?

    pip install torch transformers peft
    python check_adapter.py CHECKPOINT_DIR OUT_DIR [--task TASK]

TASK is single-label (where not given), multi-label, regression or token-classification. Prints the largest difference of
any score in predictions.csv (of tagged words: of any score of OUT_DIR/model), for OUT_DIR/adapter on the checkpoint and for
OUT_DIR/model alone, and ends with 1 where one is above 1e-3 (a number: 1e-3 of the largest).
"""
import argparse, csv, json, pathlib, sys
import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer

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


def difference_of_words(model, tokenizer, folder):
    """The same of the words of tagged texts, whose words are those of the data: against the merged weights."""
    rows = rows_of(folder)
    inputs = tokenizer([row["text"] for row in rows], truncation=True, max_length=max_length, padding=True, return_tensors="pt")
    merged = auto.from_pretrained(given.out / "model").eval()
    with torch.no_grad():
        found, expected = (one(**inputs).logits.softmax(-1)[inputs["attention_mask"] == 1] for one in (model.eval(), merged))
    return len(rows), (found - expected).abs().max().item(), expected.std(0).max().item()


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
    rows, off, spread = (difference_of_words if asks_words else difference)(candidate, AutoTokenizer.from_pretrained(folder), folder)
    worst = max(worst, off)
    print(f"{name}: {rows} rows, largest difference of a score {off:.2e} (their spread is {spread:.2e})")
sys.exit(worst > 1e-3)
