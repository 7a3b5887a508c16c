"""What the rows and recipes of the browser journeys reach in PyTorch, over seeds of split, order and head: floors of
test/e2e/multi-label.e2e.ts and regression.e2e.ts, a mean less two standard deviations of single runs. Prints them.

    pip install torch transformers tokenizers scikit-learn scipy
    python test/reference/make_journeys.py [SEEDS]     # from the root of the repository; a minute per task with 8 seeds
"""
import csv, itertools, math, pathlib, sys
import numpy as np
import torch
import transformers
from scipy.stats import pearsonr
from sklearn.metrics import average_precision_score, f1_score
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertForSequenceClassification, get_linear_schedule_with_warmup

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = ROOT / "test/reference/tiny/checkpoint"
LENGTH, EPOCHS, RATE, BATCH, WARMUP, HELD = 60, 20, 3e-3, 16, 0.1, 0.2


def tokenizer():
    """That of page-files.ts: letters and pairs of letters."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*["[PAD]", "[UNK]", "[CLS]", "[SEP]"], *letters, *[f"##{a}" for a in letters]]
    pieces = [*[*pieces, *[f"##{a}{b}" for a in letters for b in letters]][:996], "[MASK]"]
    own = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    own.normalizer = normalizers.BertNormalizer(lowercase=True)
    own.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    own.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    own.enable_truncation(LENGTH)
    own.enable_padding(pad_id=0)
    return own


def emotions():
    rows = list(csv.DictReader(open(ROOT / "test/e2e/rows/goemotions.csv", encoding="utf-8")))
    own = [{name.strip() for name in row["emotions"].split(",")} for row in rows]
    names = sorted(set.union(*own))
    return [row["text"] for row in rows], np.array([[float(name in one) for name in names] for one in own])


def reviews(count=150):
    """Those of rows/scored-reviews.ts."""
    words = dict(excellent=2, lovely=1.6, good=1, fine=0.4, dull=-0.8, poor=-1.3, awful=-2)
    degrees = {"very ": 1.4, "rather ": 0.7, "": 1}
    praises = [(degree + word, times * worth) for degree, times in degrees.items() for word, worth in words.items()]
    every = [
        (f"The food was {food} and the service {service}.", round(3 + 0.6 * a + 0.4 * b, 2))
        for (food, a), (service, b) in itertools.product(praises, praises)
    ]
    picked = [every[row * 187 % len(every)] for row in range(count)]
    return [text for text, _ in picked], np.array([[value] for _, value in picked])


def split(truth, seed, problem):
    """A fifth is held out, with the same share of each label, or of each tenth of the numbers."""
    random = np.random.default_rng(seed)
    if problem == "regression":
        strata = np.argsort(np.argsort(truth[:, 0])) * 10 // len(truth)
    else:
        strata = np.array([int("".join(str(int(mark)) for mark in row), 2) for row in truth])
    order = random.permutation(len(truth))
    held = sorted(order, key=lambda row: strata[row])[::5]
    return np.setdiff1d(np.arange(len(truth)), held), np.array(held)


def trained(texts, truth, problem, seed):
    torch.manual_seed(seed)
    train, held = split(truth, seed, problem)
    encoded = tokenizer().encode_batch(texts)
    ids, mask = (torch.tensor([getattr(one, part) for one in encoded]) for part in ("ids", "attention_mask"))
    mean, deviation = (truth[train].mean(), truth[train].std()) if problem == "regression" else (0, 1)
    targets = torch.tensor((truth - mean) / deviation, dtype=torch.float32)
    model = BertForSequenceClassification.from_pretrained(
        TINY, num_labels=truth.shape[1], problem_type=problem, ignore_mismatched_sizes=True)
    decays = [p for n, p in model.named_parameters() if not (n.endswith("bias") or "LayerNorm" in n)]
    others = [p for n, p in model.named_parameters() if n.endswith("bias") or "LayerNorm" in n]
    optimizer = torch.optim.AdamW([dict(params=decays, weight_decay=0.01), dict(params=others, weight_decay=0)], lr=RATE)
    steps = EPOCHS * math.ceil(len(train) / BATCH)
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(WARMUP * steps), steps)
    found = []
    for _ in range(EPOCHS):
        model.train()
        for rows in torch.tensor(np.random.default_rng(seed + len(found)).permutation(train)).split(BATCH):
            loss = model(input_ids=ids[rows], attention_mask=mask[rows], labels=targets[rows]).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step(), schedule.step(), optimizer.zero_grad()
        model.eval()
        with torch.no_grad():
            outputs = model(input_ids=ids[held], attention_mask=mask[held]).logits.numpy() * deviation + mean
        own = truth[held]
        if problem == "regression":
            root = float(np.sqrt(((outputs - own) ** 2).mean()))
            found.append((-root, pearsonr(outputs[:, 0], own[:, 0])[0]))
        else:
            found.append((f1_score(own, outputs > 0, average="macro", zero_division=0), average_precision_score(own, outputs)))
    # The best epoch by the first figure is kept, as the page does.
    return max(found)


seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
TASKS = dict(
    emotions=(emotions, "multi_label_classification", ("macro F1", "mean average precision")),
    reviews=(reviews, "regression", ("negative RMSE", "Pearson correlation")),
)
for name, (rows, problem, figures) in TASKS.items():
    texts, truth = rows()
    if problem != "regression":
        share = truth.mean(0)
        print(f"{name}: all labels for every text: macro F1 {np.mean(2 * share / (1 + share)):.3f}, average precision {share.mean():.3f}")
    results = np.array([trained(texts, truth, problem, seed) for seed in range(seeds)])
    for figure, values in zip(figures, results.T):
        floor = values.mean() - 2 * values.std(ddof=1)
        print(f"{name}: {figure} {values.mean():.3f} ± {values.std(ddof=1):.3f} over {seeds} seeds, floor {floor:.3f}", flush=True)
