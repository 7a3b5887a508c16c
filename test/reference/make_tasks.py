"""Ground truth for tasks beside single-label classification.

    pip install torch transformers safetensors
    python make_tasks.py OUT_DIR            # every task into OUT_DIR/NAME, laid out as tiny/ is, then checks them
    python make_tasks.py OUT_DIR NAME ...   # only these

All training runs in float32 with dropout 0 and eager attention. See README.md for the conventions.
Large files are kept here as `gzip -9 -n` packs them.
"""
import json, pathlib, random, sys
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
import transformers as hf
import make_families as families
from make_families import decays_of, frozen_prefixes, inputs, levels_of, logits_of, noise_of, off_neutral, states_of, train, without_dropout
from make_reference import SETTINGS, write_json

SIZES = [6, 4, 5]  # rows a batch, in turn: accumulation over unequal micro-batches shows what a mean divides by
IGNORED = -100


# ---- losses: the mean over some rows, and what that mean divides by ---------------------------------------------------

def as_tensor(values, model, dtype=None):
    return torch.tensor(values, dtype=dtype or next(model.parameters()).dtype)


def multi_label(model, s, alone):
    """Binary cross-entropy with logits, the mean over rows and labels; pos_weight multiplies the positive term only."""
    weight = as_tensor(s["pos_weight"], model) if s["pos_weight"] else None
    loss = lambda rows: F.binary_cross_entropy_with_logits(logits_of(model, rows, alone), as_tensor([r["labels"] for r in rows], model), pos_weight=weight)
    return loss, len


def regression(model, s, alone):
    loss = lambda rows: F.mse_loss(logits_of(model, rows, alone).squeeze(-1), as_tensor([r["label"] for r in rows], model))
    return loss, len


def token_logits(model, rows, alone):
    """[real tokens, labels], row after row, without padding."""
    parts = []
    for group in [[r] for r in rows] if alone else [rows]:
        x = inputs(group, model.config)
        parts.append(model(**x).logits[x["attention_mask"].bool()])
    return torch.cat(parts)


def token_labels(rows):
    return torch.tensor([label for r in rows for label in r["labels"]])


def token_classes(model, s, alone):
    """Cross-entropy over the labelled tokens; -100 is left out. Divides by the summed weights of the labelled tokens."""
    weight = as_tensor(s["class_weights"], model) if s["class_weights"] else None
    loss = lambda rows: F.cross_entropy(token_logits(model, rows, alone), token_labels(rows), weight=weight, ignore_index=IGNORED,
                                        label_smoothing=s["label_smoothing"])
    size = lambda rows: sum(weight[l].item() if weight is not None else 1.0 for l in token_labels(rows).tolist() if l != IGNORED)
    return loss, size


def focal(model, s, alone):
    """sum_i w[y_i] (1 - p_i)^gamma (-log p_i) / sum_i w[y_i], p_i = softmax(logits_i)[y_i]; gamma 0 is cross-entropy."""
    weight = as_tensor(s["class_weights"] or [1.0] * model.config.num_labels, model)

    def loss(rows):
        labels = torch.tensor([r["label"] for r in rows])
        log_p = F.log_softmax(logits_of(model, rows, alone), -1).gather(1, labels[:, None])[:, 0]
        return (weight[labels] * (1 - log_p.exp()) ** s["focal_gamma"] * -log_p).sum() / weight[labels].sum()
    return loss, lambda rows: sum(weight[r["label"]].item() for r in rows)


# ---- rows -------------------------------------------------------------------------------------------------------------

def lengths_then(make_row, rng, specials, longest, batches, sizes):
    """Batches of the sizes in turn; batch 0 starts with one row of one content token and one of the longest."""
    data = [[make_row(rng.randint(specials + 1, longest)) for _ in range(sizes[i % len(sizes)])] for i in range(batches)]
    data[0][0], data[0][1] = make_row(specials + 1), make_row(longest)
    return data


def sequence_rows(family, target, pairs, rng, longest, batches, sizes):
    wrap, (low, high) = family["row"], family["content"]
    content = lambda n: [rng.randrange(low, high) for _ in range(n)]

    def row(n):
        single, double = len(wrap([], [])[0]), len(wrap([low], [low])[0]) - 2
        a, b = content(n - single), []
        if pairs == "all" or (pairs and n >= double + 2 and rng.random() < 0.35):
            n = max(n, double + 2)
            split = rng.randint(1, n - double - 1)
            a, b = content(split), content(n - double - split)
        ids, types = wrap(a, b)
        return dict(input_ids=ids, token_type_ids=types, **target(rng))
    return lengths_then(row, rng, len(wrap([], [])[0]), longest, batches, sizes)


def token_rows(family, labels, rng, longest, batches, sizes):
    """Specials carry -100, as do about a third of the content tokens (later pieces of a word); one row has no label."""
    wrap, (low, high) = family["row"], family["content"]

    def row(n):
        ids, types = wrap([rng.randrange(low, high) for _ in range(n - 2)], [])
        inner = [rng.randrange(labels)] + [rng.randrange(labels) if rng.random() < 0.65 else IGNORED for _ in range(n - 3)]
        return dict(input_ids=ids, token_type_ids=types, labels=[IGNORED, *inner, IGNORED])
    data = lengths_then(row, rng, 2, longest, batches, sizes)
    data[0][3]["labels"] = [IGNORED] * len(data[0][3]["labels"])
    return data


# ---- the tasks --------------------------------------------------------------------------------------------------------

PLAIN, ACCUMULATE = {}, dict(accumulate=2)
FROZEN, DECAY = dict(frozen="levels 0 and 1"), dict(layer_decay=0.8)
SMOOTHED = dict(label_smoothing=0.1, class_weights="ramp")
TASKS = {
    "multi-label": dict(loss=multi_label, problem="multi_label_classification", labels=5, variants=dict(
        plain=PLAIN, frozen=FROZEN, layer_decay=DECAY, pos_weight=dict(pos_weight="ramp"), accumulate=ACCUMULATE,
        accumulate_pos_weight=dict(accumulate=3, pos_weight="ramp"))),
    "regression": dict(loss=regression, problem="regression", labels=1, variants=dict(plain=PLAIN, frozen=FROZEN, layer_decay=DECAY, accumulate=ACCUMULATE)),
    "pairs-regression": dict(loss=regression, problem="regression", labels=1, pairs="all", variants=dict(plain=PLAIN, layer_decay=DECAY, accumulate=ACCUMULATE)),
    "token-classification": dict(loss=token_classes, labels=7, tokens=True, variants=dict(
        plain=PLAIN, frozen=FROZEN, layer_decay=DECAY, smoothing_and_weights=SMOOTHED, accumulate=ACCUMULATE, accumulate_weighted=dict(SMOOTHED, accumulate=3))),
    "focal": dict(loss=focal, problem="single_label_classification", labels=4, variants=dict(
        plain=PLAIN, weights=dict(class_weights="ramp"), gamma_half=dict(focal_gamma=0.5), accumulate_weighted=dict(accumulate=3, class_weights="ramp"))),
}
TASKS["token-classification-distilbert"] = dict(TASKS["token-classification"], family="distilbert", labels=5)
TASKS["token-classification-roberta"] = dict(TASKS["token-classification"], family="roberta", labels=9)


def small_bert(vocab=521, **k):
    return families.bert(vocab, **{**dict(hidden_size=32, num_attention_heads=2, num_hidden_layers=2, intermediate_size=80), **k})


def target_of(name, labels):
    if name == "multi-label":
        return lambda rng: dict(labels=[int(rng.random() < 0.15 + 0.12 * i) for i in range(labels)])
    if name == "pairs-regression":
        return lambda rng: dict(label=round(rng.uniform(0, 5), 2))
    if name == "regression":
        return lambda rng: dict(label=round(rng.gauss(0.5, 1.5), 3))
    return lambda rng: dict(label=rng.randrange(labels))


def settings_of(task, change, labels, frozen):
    s = {**SETTINGS, "pos_weight": None, "focal_gamma": None, **change}
    if task["loss"] is focal and s["focal_gamma"] is None:
        s["focal_gamma"] = 2.0
    for key in ("class_weights", "pos_weight"):
        if s[key] == "ramp":
            s[key] = [0.5 + i for i in range(labels)]
    if s["frozen"]:
        s["frozen"] = frozen
    return s


def load(folder, task):
    auto = hf.AutoModelForTokenClassification if task.get("tokens") else hf.AutoModelForSequenceClassification
    return auto.from_pretrained(folder, attn_implementation="eager")


def run(task):
    return token_logits if task.get("tokens") else logits_of


def make(out, name, task, family=None, labels=None, seed=7, longest=32, batches=12, sizes=SIZES):
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed); rng = random.Random(seed)
    labels = labels or task["labels"]
    family = family or {"distilbert": lambda: families.distilbert(vocab=409, dim=32, n_heads=2, hidden_dim=80),
                        "roberta": lambda: families.roberta(vocab=431, longest=longest)}.get(task.get("family"), small_bert)()
    config = without_dropout(family["config"])
    config.num_labels = labels
    if task.get("problem"):
        config.problem_type = task["problem"]
    auto = hf.AutoModelForTokenClassification if task.get("tokens") else hf.AutoModelForSequenceClassification
    model = auto.from_config(config, attn_implementation="eager")
    off_neutral(model)
    model.save_pretrained(out / "checkpoint")
    state = {k: v.clone() for k, v in model.state_dict().items()}
    data = token_rows(family, labels, rng, longest, batches, sizes) if task.get("tokens") else \
        sequence_rows(family, target_of(name, labels), task.get("pairs", True), rng, longest, batches, sizes)
    write_json(out / "batches.json", data)

    levels, decays = levels_of(model), decays_of(model)
    frozen = frozen_prefixes(levels)
    noise = noise_of(model, data[0], False, lambda twin: task["loss"](twin, settings_of(task, {}, labels, frozen), False)[0])
    tensors, logits = states_of(model, data[0], False), run(task)(model, data[0], False)
    loss = task["loss"](model, settings_of(task, {}, labels, frozen), False)[0](data[0])
    loss.backward()
    save_file({**tensors, "logits": logits.detach(), "loss": loss.detach().reshape(1)}, str(out / "forward.safetensors"))
    save_file({n: p.grad.contiguous() for n, p in model.named_parameters()}, str(out / "gradients.safetensors"))

    trajectories = {}
    for variant, change in task["variants"].items():
        model.load_state_dict(state); model.zero_grad()
        s = settings_of(task, change, labels, frozen)
        records = train(model, data, s, *task["loss"](model, s, False), levels if s["layer_decay"] != 1.0 else None, decays)
        trajectories[variant] = dict(settings=s, steps=records, decays=decays, levels=levels, noise=noise)
        if variant == "plain":
            save_file({n: p.detach().contiguous() for n, p in model.named_parameters()}, str(out / "after_training.safetensors"))
    write_json(out / "trajectories.json", trajectories)


def check(out, task):
    saved, data = load_file(str(out / "forward.safetensors")), json.loads((out / "batches.json").read_text())
    trajectories = json.loads((out / "trajectories.json").read_text())
    plain, rows, worst = trajectories["plain"]["settings"], data[0], {}
    model = load(out / "checkpoint", task)
    with torch.no_grad():
        worst["padded"] = (run(task)(model, rows, False) - saved["logits"]).abs().max().item()
        worst["alone"] = (run(task)(model, rows, True) - saved["logits"]).abs().max().item()
        worst["loss_alone"] = abs(task["loss"](model, plain, True)[0](rows).item() - saved["loss"].item())
        x = inputs(rows, model.config)
        if task.get("tokens"):
            width = x["input_ids"].shape[1]
            labels = torch.tensor([r["labels"] + [IGNORED] * (width - len(r["labels"])) for r in rows])
        elif task["loss"] is multi_label:
            labels = torch.tensor([r["labels"] for r in rows], dtype=torch.float32)
        else:
            labels = torch.tensor([r["label"] for r in rows])
        own = model(**x, labels=labels).loss.item()
        worst["transformers_loss"] = abs(own - saved["loss"].item()) if task["loss"] is not focal else None
        if task["loss"] is focal:  # with gamma 0 it is cross-entropy
            zero = task["loss"](model, {**plain, "focal_gamma": 0.0}, False)[0](rows).item()
            worst["gamma_0"] = abs(own - zero)
    worst["float64_loss"] = worst["float64_norm"] = 0.0
    for variant, t in trajectories.items():
        twin = load(out / "checkpoint", task).double()
        s = t["settings"]
        records = train(twin, data, s, *task["loss"](twin, s, True), t["levels"] if s["layer_decay"] != 1 else None, t["decays"])
        worst["float64_loss"] = max(worst["float64_loss"], *(abs(a["loss"] - b["loss"]) for a, b in zip(records, t["steps"])))
        worst["float64_norm"] = max(worst["float64_norm"], *(abs(a["grad_norm"] / b["grad_norm"] - 1) for a, b in zip(records, t["steps"])))
        if variant == "plain":
            after, noisy = load_file(str(out / "after_training.safetensors")), {n.split("[")[0] for n in t["noise"]}
            worst["float64_weights"] = max(((after[n] - p).norm() / after[n].norm().clamp(min=1e-6)).item() for n, p in twin.named_parameters() if n not in noisy)
            worst["losses"] = [round(r["loss"], 3) for r in (records[0], records[-1])]
    # one step over micro-batches is one step over their rows as one batch
    for variant, t in trajectories.items():
        k = t["settings"]["accumulate"]
        if k > 1:
            merged = [[r for b in data[i:i + k] for r in b] for i in range(0, len(data) - len(data) % k, k)]
            twin, s = load(out / "checkpoint", task), {**t["settings"], "accumulate": 1}
            records = train(twin, merged, s, *task["loss"](twin, s, False), None, t["decays"])
            worst["merged"] = max(worst.get("merged", 0), *(abs(a["loss"] - b["loss"]) for a, b in zip(records, t["steps"])))
    worst["kB"] = sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) // 1000
    assert worst["padded"] < 1e-6 and worst["alone"] < 1e-5 and (worst["transformers_loss"] or 0) < 1e-6 and worst.get("gamma_0", 0) < 1e-6, worst
    assert worst["float64_loss"] < 1e-4 and worst["float64_norm"] < 1e-3 and worst["float64_weights"] < 1e-3 and worst["merged"] < 1e-5, worst
    return worst


if __name__ == "__main__":
    out, names = pathlib.Path(sys.argv[1]), sys.argv[2:] or list(TASKS)
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        make(out / name, name, TASKS[name])
        print(name, json.dumps(check(out / name, TASKS[name])), flush=True)
