"""Folds of `tabtune fit --folds K` beside PyTorch's fine-tuning on the same folds with the same recipe, as docs/folds.md
has them. The report is that of the epoch with the best macro F1, as in Tabtune.

    python scripts/studies/folds_torch.py CHECKPOINT OUT_OF_FOLD.csv REPORT.json RECIPE.json

PyTorch draws its own order of rows, dropout and head, so that scores are alike, not equal. One thread.
"""
import csv
import json
import math
import sys

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

torch.set_num_threads(1)
checkpoint, table, report, recipe = sys.argv[1:]
rows = list(csv.DictReader(open(table, newline="", encoding="utf-8")))
folds = json.load(open(report))["folds"]
recipe = json.load(open(recipe))
names = sorted({row["label"] for row in rows})
labels = torch.tensor([names.index(row["label"]) for row in rows])
fold_of = np.array([int(row["fold"]) for row in rows])
tokenizer = AutoTokenizer.from_pretrained(checkpoint)


def encode(chosen):
    texts = [rows[i]["text"] for i in chosen]
    return tokenizer(texts, truncation=True, max_length=recipe["maxLength"], padding=True, return_tensors="pt")


def optimizer_of(model):
    plain = [p for name, p in model.named_parameters() if name.endswith("bias") or "LayerNorm" in name]
    decayed = [p for p in model.parameters() if not any(p is other for other in plain)]
    groups = [dict(params=decayed, weight_decay=recipe["weightDecay"]), dict(params=plain, weight_decay=0.0)]
    betas = (recipe["beta1"], recipe["beta2"])
    return torch.optim.AdamW(groups, lr=recipe["learningRate"], betas=betas, eps=recipe["epsilon"])


def predicted_of(model, held):
    model.eval()
    with torch.no_grad():
        found = torch.cat([model(**encode(held[at : at + 32])).logits.argmax(-1) for at in range(0, len(held), 32)])
    model.train()
    return found.numpy()


def run(train, held):
    """Accuracy and macro F1 on the held-out rows, of the epoch with the best macro F1."""
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=len(names), dtype=torch.float32).train()
    optimizer = optimizer_of(model)
    steps = recipe["epochs"] * math.ceil(len(train) / recipe["batchSize"])
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(recipe["warmupShare"] * steps), steps)
    best = (0.0, -1.0)
    for _ in range(recipe["epochs"]):
        for chosen in torch.randperm(len(train)).split(recipe["batchSize"]):
            batch = [train[i] for i in chosen]
            model(**encode(batch), labels=labels[batch]).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["maxGradientNorm"])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        truth, predicted = labels[held].numpy(), predicted_of(model, held)
        score = accuracy_score(truth, predicted), f1_score(truth, predicted, average="macro", zero_division=0)
        best = max(best, score, key=lambda pair: pair[1])
    return best


scores = []
print("| fold | accuracy | PyTorch | macro F1 | PyTorch |\n|---|---|---|---|---|")
for fold in folds["each"]:
    torch.manual_seed(fold["fold"])
    held = np.flatnonzero(fold_of == fold["fold"]).tolist()
    scores.append(run(np.flatnonzero(fold_of != fold["fold"]).tolist(), held))
    accuracy, f1 = scores[-1]
    print(f"| {fold['fold']} | {fold['accuracy']:.4f} | {accuracy:.4f} | {fold['macroF1']:.4f} | {f1:.4f} |", flush=True)
mean, deviation = np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1)
ours = [(folds["mean"][key], folds["deviation"][key]) for key in ("accuracy", "macroF1")]
cells = [f"{ours[i][0]:.4f} ± {ours[i][1]:.4f} | {mean[i]:.4f} ± {deviation[i]:.4f}" for i in (0, 1)]
print(f"| mean ± deviation | {' | '.join(cells)} |")
