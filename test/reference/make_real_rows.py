"""PyTorch's figures for the rows and recipes of test/long/real-rows.long.ts, from which its floors come.

    pip install torch transformers scikit-learn scipy seqeval
    python make_real_rows.py MODEL_DIR DATASETS_DIR [SEEDS]

Prints for each journey the mean over the seeds (3 where not given), the standard error of one run (of seeds, and of the test
rows by bootstrap, together), and the mean less two of them. Weights are those of the epoch with the best figure on the
validation rows, as `tabtune fit` takes its best.
"""
import pathlib, re, sys
import numpy as np
import torch
from scipy.stats import pearsonr
from seqeval.metrics import f1_score
from sklearn.metrics import average_precision_score
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer, get_linear_schedule_with_warmup

MODEL, DATASETS = map(pathlib.Path, sys.argv[1:3])
SEEDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
BATCH, LENGTH = 16, 48
tokenizer = AutoTokenizer.from_pretrained(MODEL)


def lines(file, start, end, blocks=False):
    text = (DATASETS / file).read_text(encoding="utf-8").rstrip()
    units = re.split(r"\n\s*\n", text) if blocks else text.split("\n")
    return units[1 if units[0].startswith("pair_ID") else 0:][start:end]


def emotions(part):
    start, end = {"train": (0, 320), "valid": (6000, 6100), "test": (7000, 7300)}[part]
    rows = [line.split("\t") for line in lines("goemotions/train_first_8000.tsv", start, end)]
    return [(row[0], None, [f"{row[1]}"]) for row in rows]


def sick(column):
    def rows(part):
        file, end = {"train": ("train", 320), "valid": ("trial", 100), "test": ("test_annotated", 300)}[part]
        cells = [line.split("\t") for line in lines(f"sick/SICK_{file}.txt", 0, end)]
        return [(row[1], row[2], row[column].strip()) for row in cells]
    return rows


def entities(part):
    file, end = {"train": ("wnut17train.conll", 320), "valid": ("emerging.dev.conll", 100), "test": ("emerging.test.annotated", 300)}[part]
    tokens = [[line.split("\t") for line in block.split("\n") if line.strip()] for block in lines(f"wnut17/{file}", 0, end, True)]
    return [([one[0] for one in row], None, [one[1] for one in row]) for row in tokens]


class Several:
    """A sigmoid for each of the training rows' labels, and micro average precision."""
    model, rate, epochs = AutoModelForSequenceClassification, 2e-4, 4

    def __init__(self, train):
        self.names = sorted({name for _, _, (cell,) in train for name in cell.split(",")}, key=int)
        self.outputs = len(self.names)

    def target(self, cell):
        return [float(name in cell[0].split(",")) for name in self.names]

    def loss(self, logits, targets):
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(targets))

    def figure(self, logits, targets):
        return average_precision_score(np.array(targets).ravel(), np.stack(logits).ravel())


class Number:
    """Standardized squared error, and Pearson's correlation."""
    model, rate, epochs, outputs = AutoModelForSequenceClassification, 1e-4, 4, 1

    def __init__(self, train):
        numbers = np.array([float(cell) for _, _, cell in train])
        self.mean, self.deviation = numbers.mean(), numbers.std()

    def target(self, cell):
        return (float(cell) - self.mean) / self.deviation

    def loss(self, logits, targets):
        return torch.nn.functional.mse_loss(logits[:, 0], torch.tensor(targets, dtype=torch.float32))

    def figure(self, logits, targets):
        return pearsonr(np.stack(logits)[:, 0], targets)[0]


class Classes:
    """Cross-entropy, and accuracy."""
    # After 4 epochs some seeds still give nearly all rows one class.
    model, rate, epochs = AutoModelForSequenceClassification, 1e-4, 8

    def __init__(self, train):
        self.names = sorted({cell for _, _, cell in train})
        self.outputs = len(self.names)

    def target(self, cell):
        return self.names.index(cell)

    def loss(self, logits, targets):
        return torch.nn.functional.cross_entropy(logits, torch.tensor(targets))

    def figure(self, logits, targets):
        return float(np.mean(np.stack(logits).argmax(-1) == targets))


class Tags:
    """A tag for each word, at its first token, and the F1 of entities."""
    model, rate, epochs = AutoModelForTokenClassification, 2e-4, 4

    def __init__(self, train):
        types = sorted({tag[2:] for _, _, tags in train for tag in tags if tag != "O"})
        self.names = ["O", *(f"{letter}-{name}" for name in types for letter in "BI")]
        self.outputs = len(self.names)

    def target(self, cell):
        return [self.names.index(tag) if tag in self.names else 0 for tag in cell]

    def loss(self, logits, targets):
        return torch.nn.functional.cross_entropy(torch.cat(logits), torch.tensor([one for row in targets for one in row]))

    def figure(self, logits, targets):
        named = lambda row: [self.names[one] for one in row]
        return f1_score([named(row) for row in targets], [named(one.argmax(-1)) for one in logits])


def outputs_of(model, task, rows):
    """The logits of each row; of a row of words those of each word, zeros (that is "O") of words beyond the limit."""
    texts, seconds = [row[0] for row in rows], [row[1] for row in rows]
    if isinstance(texts[0], str):
        pair = [] if seconds[0] is None else [seconds]
        return model(**tokenizer(texts, *pair, truncation=True, max_length=LENGTH, padding=True, return_tensors="pt")).logits
    encoded = tokenizer(texts, is_split_into_words=True, truncation=True, max_length=LENGTH, padding=True, return_tensors="pt")
    found = []
    for at, logits in enumerate(model(**encoded).logits):
        words = encoded.word_ids(at)
        first = {word: place for place, word in reversed(list(enumerate(words))) if word is not None}
        missing = torch.nn.functional.one_hot(torch.tensor(0), logits.shape[-1]).float()
        found.append(torch.stack([logits[first[word]] if word in first else missing for word in range(len(texts[at]))]))
    return found


def predicted(model, task, rows):
    model.eval()
    with torch.no_grad():
        parts = [outputs_of(model, task, rows[at:at + 64]) for at in range(0, len(rows), 64)]
    return [one.numpy() for part in parts for one in part]


def run(task, parts, seed):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    train = parts["train"]
    model = task.model.from_pretrained(MODEL, num_labels=task.outputs).float()
    plain = [name for name, _ in model.named_parameters() if "bias" in name or "LayerNorm" in name]
    groups = [{"params": [p for n, p in model.named_parameters() if (n in plain) == is_plain], "weight_decay": 0.0 if is_plain else 0.01} for is_plain in (True, False)]
    optimizer = torch.optim.AdamW(groups, lr=task.rate)
    steps = task.epochs * -(-len(train) // BATCH)
    schedule = get_linear_schedule_with_warmup(optimizer, round(0.1 * steps), steps)
    best = (-1.0, None)
    for _ in range(task.epochs):
        order = random.permutation(len(train))
        for at in range(0, len(train), BATCH):
            model.train()
            rows = [train[i] for i in order[at:at + BATCH]]
            task.loss(outputs_of(model, task, rows), [task.target(row[2]) for row in rows]).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step(), schedule.step(), optimizer.zero_grad()
        valid = task.figure(predicted(model, task, parts["valid"]), [task.target(row[2]) for row in parts["valid"]])
        if valid >= best[0]:
            best = (valid, predicted(model, task, parts["test"]))
    targets = [task.target(row[2]) for row in parts["test"]]
    drawn = [random.integers(0, len(targets), len(targets)) for _ in range(200)]
    spread = np.std([task.figure([best[1][i] for i in rows], [targets[i] for i in rows]) for rows in drawn])
    return task.figure(best[1], targets), spread


journeys = {"GoEmotions": (Several, emotions), "SICK, number": (Number, sick(3)), "SICK, classes": (Classes, sick(4)), "WNUT 17": (Tags, entities)}
for name, (kind, rows) in journeys.items():
    parts = {part: rows(part) for part in ("train", "valid", "test")}
    found = [run(kind(parts["train"]), parts, seed) for seed in range(SEEDS)]
    figures, spreads = zip(*found)
    error = float(np.sqrt(np.var(figures, ddof=1 if SEEDS > 1 else 0) + np.mean(np.square(spreads))))
    print(f"{name}: {np.mean(figures):.4f} (each {[round(float(one), 4) for one in figures]}), standard error {error:.4f}, floor {np.mean(figures) - 2 * error:.4f}", flush=True)
