"""PyTorch's figures for those runs of scripts/studies/recipes/study.mjs whose method transformers, peft or torch has.

    pip install torch transformers peft
    python scripts/studies/recipes/study.py WORK_FOLDER

Repeats each run of Tabtune in WORK_FOLDER with the same files and the settings of its recipe.json, for each of five
seeds, and writes the accuracy on the held-out rows to WORK_FOLDER/torch.json: that of the epoch with the best macro F1,
as in Tabtune. Results that exist are not computed again. PyTorch draws its own order of rows, dropout and random initial
weights, so only the distributions of the scores can be compared. One thread.
"""
import copy, csv, json, math, pathlib, re, sys
import torch
from peft import LoraConfig, TaskType, get_peft_model
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import (AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer,
                          DataCollatorForLanguageModeling, get_scheduler)

STARTER = pathlib.Path(__file__).parent.parent / "public/starter"
SEEDS = [42, 43, 44, 45, 46]
# Fields that are not implemented here: a run whose recipe has another value is left out.
NOT_MAPPED = {"rDrop": 0, "l2sp": 0, "clipping": "norm", "earlyStopping": 0, "biasCorrection": True, "classWeights": None}
TOP = 7  # level of the head, above the embeddings and six layers
SLANTED_RATIO = 32

tokenizer = AutoTokenizer.from_pretrained(STARTER)


class Pooled(torch.nn.Module):
    """A classifier on [CLS], on the mean over the tokens, or on that mean over the mean of the last four layers."""

    def __init__(self, model, pooling):
        super().__init__()
        self.bert, self.dropout, self.classifier, self.pooling = model.bert, model.dropout, model.classifier, pooling
        self.bert.pooler = None

    def forward(self, **inputs):
        states = self.bert(**inputs, output_hidden_states=True).hidden_states
        if self.pooling == "cls":
            return self.classifier(self.dropout(states[-1][:, 0]))
        x = states[-1] if self.pooling == "mean" else torch.stack(states[-4:]).mean(0)
        mask = inputs["attention_mask"].unsqueeze(-1)
        return self.classifier(self.dropout((x * mask).sum(1) / mask.sum(1)))


def rows_of(path, labels=None):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = labels or sorted({row["label"] for row in rows})
    return [row["text"] for row in rows], torch.tensor([labels.index(row["label"]) for row in rows]), labels


def encode(texts, recipe):
    return tokenizer(texts, truncation=True, max_length=recipe["maxLength"], padding=True, return_tensors="pt")


def initialize(modules, deviation):
    """BERT's own initialization."""
    for module in (m for top in modules for m in top.modules()):
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.normal_(module.weight, std=deviation)
            torch.nn.init.zeros_(module.bias)
        elif isinstance(module, torch.nn.LayerNorm):
            torch.nn.init.ones_(module.weight)
            torch.nn.init.zeros_(module.bias)


def model_of(recipe, classes, texts):
    model = AutoModelForSequenceClassification.from_pretrained(STARTER, num_labels=classes, dtype=torch.float32)
    if recipe["start"] == "random":
        model = AutoModelForSequenceClassification.from_config(model.config, dtype=torch.float32)
    if recipe["reinitializeLayers"]:
        initialize([*model.bert.encoder.layer[-recipe["reinitializeLayers"]:], model.bert.pooler], model.config.initializer_range)
    if recipe["pretrainEpochs"]:
        model.bert.load_state_dict(pretrained(recipe, texts), strict=False)  # the pooler is not in it and keeps its weights
    if recipe["loraRank"]:
        return get_peft_model(model, LoraConfig(task_type=TaskType.SEQ_CLS, r=recipe["loraRank"], lora_alpha=recipe["loraAlpha"],
                                                lora_dropout=recipe["loraDropout"], target_modules=recipe["loraTargets"]))
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.removeprefix("bert.").startswith(tuple(recipe["frozen"]))
    return model if recipe["pooling"] == "pooler" else Pooled(model, recipe["pooling"])


def pretrained(recipe, texts):
    """The encoder's weights after masked language modelling on the training texts."""
    model = AutoModelForMaskedLM.from_pretrained(STARTER, dtype=torch.float32).train()
    mask = DataCollatorForLanguageModeling(tokenizer, mlm_probability=recipe["maskShare"])
    own = {**recipe, "learningRate": recipe["pretrainLearningRate"], "epochs": recipe["pretrainEpochs"], "schedule": "linear",
           "layerDecay": 1}
    optimizer, schedule = optimizer_of(model, own, len(texts))
    for _ in range(own["epochs"]):
        for chosen in torch.randperm(len(texts)).split(own["batchSize"]):
            batch = mask([tokenizer(texts[i], truncation=True, max_length=own["maxLength"]) for i in chosen])
            step(model, model(**batch).loss, optimizer, schedule, own)
    return model.bert.state_dict()


def level(name):
    """0 for the embeddings, then the layers, and the head on top."""
    found = re.search(r"encoder\.layer\.(\d+)\.", name)
    return int(found[1]) + 1 if found else 0 if "embeddings." in name else TOP


def optimizer_of(model, recipe, rows):
    groups = [dict(params=[p], lr=recipe["learningRate"] * recipe["layerDecay"] ** (TOP - level(name)),
                   weight_decay=0 if name.endswith("bias") or "LayerNorm" in name else recipe["weightDecay"])
              for name, p in model.named_parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(groups, betas=(recipe["beta1"], recipe["beta2"]), eps=recipe["epsilon"])
    steps = recipe["epochs"] * math.ceil(rows / recipe["batchSize"])
    warmup = math.ceil(recipe["warmupShare"] * steps)
    if recipe["schedule"] != "slanted-triangular":
        return optimizer, get_scheduler(recipe["schedule"], optimizer, warmup, steps)
    rising = lambda k: k / warmup if k < warmup else max(0, 1 - (k - warmup) / (steps - warmup))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: (1 + rising(k) * (SLANTED_RATIO - 1)) / SLANTED_RATIO)


def step(model, loss, optimizer, schedule, recipe):
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["maxGradientNorm"])
    optimizer.step()
    schedule.step()


def logits_of(model, rows, recipe):
    """Logits of texts, or of the encoder's outputs for them."""
    if torch.is_tensor(rows):
        return model.classifier(model.dropout(model.bert.pooler(rows)))
    found = model(**encode(rows, recipe))
    return found if torch.is_tensor(found) else found.logits


def encoded_once(model, texts, recipe):
    """[CLS] of each row's last layer [rows, 1, hidden], without dropout, as in Tabtune with a frozen encoder."""
    with torch.no_grad():
        return torch.cat([model.eval().bert(**encode(texts[i:i + 32], recipe)).last_hidden_state[:, :1]
                          for i in range(0, len(texts), 32)])


def score(model, rows, labels, recipe):
    """Macro F1, negative log loss (so that higher is better) and accuracy."""
    model.eval()
    with torch.no_grad():
        logits = torch.cat([logits_of(model, rows[i:i + 32], recipe) for i in range(0, len(rows), 32)])
    model.train()
    guess = logits.argmax(-1)
    f1 = [2 * ((guess == c) & (labels == c)).sum().item() / max(1, ((guess == c).sum() + (labels == c).sum()).item())
          for c in range(logits.shape[1])]
    return sum(f1) / len(f1), -cross_entropy(logits, labels).item(), (guess == labels).double().mean().item()


def means_of(states):
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def run(recipe, train, held, seed):
    """Accuracy on the held-out rows of the epoch with the best macro F1."""
    torch.manual_seed(seed)
    (rows, labels, names), (held_rows, held_labels, _) = train, held
    model = model_of(recipe, len(names), rows)
    optimizer, schedule = optimizer_of(model, recipe, len(rows))
    if recipe["frozen"] == ["embeddings.", "encoder."]:
        rows, held_rows = encoded_once(model, rows, recipe), encoded_once(model, held_rows, recipe)
    take = lambda chosen: rows[chosen] if torch.is_tensor(rows) else [rows[i] for i in chosen]
    model.train()
    moving = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(recipe["ema"])) if recipe["ema"] else None
    if moving:
        moving.update_parameters(model)  # the first call copies the starting weights
    scores, checkpoints = [], []
    for epoch in range(recipe["epochs"]):
        if recipe["gradualUnfreezing"]:
            for name, parameter in model.named_parameters():
                parameter.requires_grad = level(name) >= TOP - epoch
        for chosen in torch.randperm(len(rows)).split(recipe["batchSize"]):
            loss = cross_entropy(logits_of(model, take(chosen), recipe), labels[chosen], label_smoothing=recipe["labelSmoothing"])
            step(model, loss, optimizer, schedule, recipe)
            if moving:
                moving.update_parameters(model)
        scores.append(score(moving.module if moving else model, held_rows, held_labels, recipe))
        checkpoints.append((scores[-1], copy.deepcopy(model.state_dict())) if recipe["average"] != "none" else None)
    if recipe["average"] != "none":
        kept = sorted(checkpoints, key=lambda kept: kept[0]) if recipe["average"] == "best" else checkpoints
        model.load_state_dict(means_of([state for _, state in kept[-recipe["averageCount"]:]]))
        scores.append(score(model, held_rows, held_labels, recipe))
    return max(scores)[2]


def main(work):
    out = work / "torch.json"
    found = json.loads(out.read_text()) if out.exists() else {}
    for seed in SEEDS:
        for path in sorted(work.glob("*-*/model/recipe.json"), key=lambda path: path.stat().st_mtime):
            name = path.parent.parent.name
            files = [work / f"{name.split('-')[0]}-{part}.csv" for part in ("train", "held")]
            recipe = json.loads(path.read_text())
            recipe.setdefault("batchSize", recipe.get("rowsPerStep"))  # its name before version 3
            missing = [field for field, value in NOT_MAPPED.items() if recipe[field] != value]
            if name == "sst2-full" or missing or str(seed) in found.get(name, {}) or not all(file.exists() for file in files):
                continue
            train = rows_of(files[0])
            accuracy = run(recipe, train, rows_of(files[1], train[2]), seed)
            found.setdefault(name, {})[str(seed)] = accuracy
            out.write_text(json.dumps(found, indent=1))
            print(f"{name}, seed {seed}: {accuracy:.3f}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(pathlib.Path(sys.argv[1]))
