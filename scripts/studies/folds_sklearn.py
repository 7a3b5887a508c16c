"""Five folds of `tabtune fit --folds 5 --set effort=quick` beside scikit-learn's LogisticRegression on the same folds and
the same checkpoint's mean vectors, as docs/folds.md has them.

    python scripts/studies/folds_sklearn.py CHECKPOINT OUT_OF_FOLD.csv REPORT.json
"""
import csv
import json
import sys

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import StandardScaler
from transformers import AutoModel, AutoTokenizer

checkpoint, table, report = sys.argv[1:]
rows = list(csv.DictReader(open(table, newline="", encoding="utf-8")))
folds = json.load(open(report))["folds"]
length = json.load(open(report))["automatic"].get("maxLength", {}).get("value", 128)

tokenizer = AutoTokenizer.from_pretrained(checkpoint)
model = AutoModel.from_pretrained(checkpoint).eval()
vectors = []
with torch.no_grad():
    for at in range(0, len(rows), 64):
        texts = [row["text"] for row in rows[at : at + 64]]
        batch = tokenizer(texts, padding=True, truncation=True, max_length=length, return_tensors="pt")
        mask = batch["attention_mask"][..., None]
        vectors.append(((model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)).numpy())
vectors = np.concatenate(vectors).astype(np.float64)
labels = np.array([row["label"] for row in rows])
fold_of = np.array([int(row["fold"]) for row in rows])

scores = []
print("| fold | L2 | accuracy | scikit-learn | macro F1 | scikit-learn |\n|---|---|---|---|---|---|")
for fold in folds["each"]:
    held = fold_of == fold["fold"]
    scaler = StandardScaler().fit(vectors[~held])
    # A softmax of two outputs with L2 on both is scikit-learn's single output with half of it.
    fit = LogisticRegression(C=(2 if len(set(labels)) == 2 else 1) / fold["l2"], tol=1e-8, max_iter=10000)
    fit.fit(scaler.transform(vectors[~held]), labels[~held])
    predicted = fit.predict(scaler.transform(vectors[held]))
    own = accuracy_score(labels[held], predicted), f1_score(labels[held], predicted, average="macro")
    scores.append(own)
    print(f"| {fold['fold']} | {fold['l2']:g} | {fold['accuracy']:.4f} | {own[0]:.4f} | {fold['macroF1']:.4f} | {own[1]:.4f} |")
mean, deviation = np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1)
ours = [(folds["mean"][key], folds["deviation"][key]) for key in ("accuracy", "macroF1")]
cells = [f"{ours[i][0]:.4f} ± {ours[i][1]:.4f} | {mean[i]:.4f} ± {deviation[i]:.4f}" for i in (0, 1)]
print(f"| mean ± deviation | | {' | '.join(cells)} |")
