"""Does `peft` load what `tabtune fit --adapter` wrote, and say of its validation rows what Tabtune says?

    pip install torch transformers peft
    python check_adapter.py CHECKPOINT_DIR OUT_DIR

Prints the largest difference of any probability in predictions.csv, for OUT_DIR/adapter on the checkpoint and for
OUT_DIR/model alone, and ends with 1 where one is above 1e-3.
"""
import csv, json, pathlib, sys
import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def difference(model, tokenizer, folder, labels, max_length):
    with open(folder / "predictions.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    inputs = tokenizer([row["text"] for row in rows], truncation=True, max_length=max_length, padding=True, return_tensors="pt")
    with torch.no_grad():
        found = model.eval()(**inputs).logits.softmax(-1)
    expected = torch.tensor([[float(row[f"probability_{label}"]) for label in labels] for row in rows])
    return len(rows), (found - expected).abs().max().item(), expected.std(0).max().item()


checkpoint, out = map(pathlib.Path, sys.argv[1:3])
labels = json.loads((out / "report.json").read_text())["labelNames"]
max_length = json.loads((out / "adapter/recipe.json").read_text())["maxLength"]
base = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=len(labels), id2label=dict(enumerate(labels)),
                                                          ignore_mismatched_sizes=True).float()
model = PeftModel.from_pretrained(base, out / "adapter")
model.print_trainable_parameters()
worst = 0.0
for name, candidate in [("adapter", model), ("merged by peft", None), ("model", None)]:
    folder = out / ("model" if name == "model" else "adapter")
    if name == "merged by peft":
        candidate = model.merge_and_unload()
    elif candidate is None:
        candidate = AutoModelForSequenceClassification.from_pretrained(folder)
    rows, off, spread = difference(candidate, AutoTokenizer.from_pretrained(folder), folder, labels, max_length)
    worst = max(worst, off)
    print(f"{name}: {rows} rows, largest difference of a probability {off:.2e} (their spread is {spread:.2e})")
sys.exit(worst > 1e-3)
