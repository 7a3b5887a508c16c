"""Percentile bootstrap intervals of small sets of rows, by scikit-learn and scipy on the draws of mulberry32 (src/data/random.ts).

    pip install numpy scipy scikit-learn seqeval
    python make_bootstrap.py OUT.json
"""
import json, math, sys, warnings
import numpy as np
from scipy.stats import pearsonr, spearmanr
from seqeval.metrics import f1_score as entity_f1, precision_score as entity_precision, recall_score as entity_recall
from sklearn import metrics as sk

warnings.filterwarnings("ignore")
M = 0xFFFFFFFF


def mulberry32(seed):
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & M
        mixed = ((state ^ (state >> 15)) * (state | 1)) & M
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & M)) & M
        yield (mixed ^ (mixed >> 14)) / 2**32


def intervals(rows, figures, draws=1000, seed=42):
    random = mulberry32(seed)
    found = {}
    for _ in range(draws):
        picked = [math.floor(next(random) * rows) for _ in range(rows)]
        for name, value in figures(picked).items():
            found.setdefault(name, []).append(value)
    def ends(values):
        known = [v for v in values if v is not None and math.isfinite(v)]
        return list(np.percentile(known, [2.5, 97.5])) if 2 * len(known) >= draws else None
    return {name: ends(values) for name, values in found.items()}


rng = np.random.default_rng(7)
rounded = lambda values: np.round(np.asarray(values), 4).tolist()

# classes
truth = rng.integers(0, 3, 60)
logits = rng.normal(size=(60, 4)) + 1.5 * np.eye(4)[truth]
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
guess = logits.argmax(1)


def of_classes(i):
    y, g = truth[i], guess[i]
    return dict(
        accuracy=sk.accuracy_score(y, g), macroF1=sk.f1_score(y, g, average="macro", zero_division=0),
        weightedF1=sk.f1_score(y, g, average="weighted", zero_division=0), matthews=sk.matthews_corrcoef(y, g),
        balancedAccuracy=sk.balanced_accuracy_score(y, g), kappa=sk.cohen_kappa_score(y, g),
        logLoss=float(-np.log(p[i, y]).mean()))


# labels
marks = (rng.random((50, 3)) < [0.5, 0.3, 0.06]).astype(int)
scores = np.round(rng.normal(size=(50, 3)) + 1.2 * (2 * marks - 1), 2)


def of_labels(i):
    y, z = marks[i], scores[i]
    g = (z >= 0).astype(int)
    known = [k for k in range(3) if 0 < y[:, k].sum() < len(y)]
    sig = 1 / (1 + np.exp(-z))
    f1 = lambda average: sk.f1_score(y, g, average=average, zero_division=0)
    return dict(
        macroF1=f1("macro"), microF1=f1("micro"), samplesF1=f1("samples"), weightedF1=f1("weighted"),
        averagePrecision=np.mean([sk.average_precision_score(y[:, k], z[:, k]) for k in known]) if known else None,
        subsetAccuracy=sk.accuracy_score(y, g),
        logLoss=float(-(y * np.log(sig) + (1 - y) * np.log(1 - sig)).mean()))


# numbers
numbers = np.round(rng.normal(3, 2, 40), 1)
values = np.round(numbers + rng.normal(0, 1, 40), 2)


def of_numbers(i):
    y, v = numbers[i], values[i]
    return dict(
        rmse=math.sqrt(sk.mean_squared_error(y, v)), mae=sk.mean_absolute_error(y, v), mse=sk.mean_squared_error(y, v),
        pearson=pearsonr(y, v)[0], spearman=spearmanr(y, v)[0], r2=sk.r2_score(y, v))


# entities
TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
tags = [rng.choice(5, int(rng.integers(2, 9)), p=[0.5, 0.15, 0.1, 0.15, 0.1]).tolist() for _ in range(30)]
found = [[t if rng.random() < 0.7 else int(rng.integers(0, 5)) for t in row] for row in tags]


def of_entities(i):
    y, g = [[TAGS[t] for t in tags[r]] for r in i], [[TAGS[t] for t in found[r]] for r in i]
    flat = lambda rows: [t for row in rows for t in row]
    return dict(
        entityF1=entity_f1(y, g, zero_division=0), entityPrecision=entity_precision(y, g, zero_division=0),
        entityRecall=entity_recall(y, g, zero_division=0), macroEntityF1=entity_f1(y, g, average="macro", zero_division=0),
        tokenAccuracy=sk.accuracy_score(flat(y), flat(g)))


out = {
    "classes": dict(labels=truth.tolist(), logits=rounded(logits.ravel()), intervals=None),
    "labels": dict(labels=marks.ravel().tolist(), logits=scores.ravel().tolist()),
    "numbers": dict(labels=numbers.tolist(), predicted=values.tolist()),
    "entities": dict(names=TAGS, labels=tags, predicted=found),
}
logits = np.array(out["classes"]["logits"]).reshape(60, 4)
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
for name, rows, figures in [("classes", 60, of_classes), ("labels", 50, of_labels), ("numbers", 40, of_numbers), ("entities", 30, of_entities)]:
    out[name]["intervals"] = intervals(rows, figures)
open(sys.argv[1], "w").write(json.dumps(out, separators=(",", ":")) + "\n")
