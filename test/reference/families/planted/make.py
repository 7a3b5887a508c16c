"""Ground truth for the planted family of test/families/planted-family.test.ts, computed with PyTorch alone.

    pip install torch numpy safetensors
    python make.py

The model stands in no library: a pre-norm encoder without segment types and without a norm on its embeddings, with a
norm after the last layer, names of its own, and a head of dropout, dense, tanh, dropout, dense on the first token.
Writes beside itself what test/reference/tiny holds: checkpoint/, batches.json, forward, gradients, trajectories and
after_training; the last four are kept gzipped:

    gzip -9 -n -f trajectories.json *.safetensors

All training runs in float32 with dropout 0, as in make_families.py.
"""
import json, math, pathlib, random
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cross_entropy, gelu

torch.set_num_threads(1)
OUT = pathlib.Path(__file__).parent
CONFIG = dict(architectures=["ParsnipForSequenceClassification"], model_type="parsnip", words=97, width=32, blocks=3,
              attention_heads=2, inner_width=72, longest=40, norm_epsilon=1e-6, drop=0.0, attention_drop=0.0,
              head_drop=0.0, initializer_range=0.15, pad_token_id=0, torch_dtype="float32",
              id2label={"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"},
              label2id={"LABEL_0": 0, "LABEL_1": 1, "LABEL_2": 2})
SETTINGS = dict(lr=1e-3, weight_decay=0.05, warmup_steps=3, schedule="linear", max_grad_norm=1.0, accumulate=1,
                label_smoothing=0.0, class_weights=None, frozen=[], layer_decay=1.0)
VARIANTS = {
    "plain": {},
    "frozen": dict(frozen=["parsnip.input.", "parsnip.blocks.0."]),
    "layer_decay": dict(layer_decay=0.8),
    "smoothing_and_weights": dict(label_smoothing=0.1, class_weights=[0.5, 1.5, 2.5]),
    "accumulate": dict(accumulate=2),
}
LABELS, STEPS, ROWS = 3, 10, 6
WIDTH = CONFIG["width"]


# ---- the model ------------------------------------------------------------------------------------------------------

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_q, self.to_k, self.to_v, self.merge = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x):  # one row [tokens, width]: nothing is padded
        heads, size = CONFIG["attention_heads"], WIDTH // CONFIG["attention_heads"]
        q, k, v = (part(x).view(-1, heads, size).transpose(0, 1) for part in (self.to_q, self.to_k, self.to_v))
        scores = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(size), dim=-1)
        return self.merge((scores @ v).transpose(0, 1).reshape(-1, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first_norm = nn.LayerNorm(WIDTH, CONFIG["norm_epsilon"])
        self.attention = Attention()
        self.second_norm = nn.LayerNorm(WIDTH, CONFIG["norm_epsilon"])
        self.widen = nn.Linear(WIDTH, CONFIG["inner_width"])
        self.narrow = nn.Linear(CONFIG["inner_width"], WIDTH)

    def forward(self, x):
        x = x + self.attention(self.first_norm(x))
        return x + self.narrow(gelu(self.widen(self.second_norm(x))))


class Parsnip(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.ModuleDict(dict(words=nn.Embedding(CONFIG["words"], WIDTH), places=nn.Embedding(CONFIG["longest"], WIDTH)))
        self.blocks = nn.ModuleList(Block() for _ in range(CONFIG["blocks"]))
        self.last_norm = nn.LayerNorm(WIDTH, CONFIG["norm_epsilon"])

    def forward(self, ids):
        """The input's state, then that of each block; the last one after the norm."""
        states = [self.input["words"](ids) + self.input["places"](torch.arange(len(ids)))]
        for block in self.blocks:
            states.append(block(states[-1]))
        return [*states[:-1], self.last_norm(states[-1])]


class ParsnipForSequenceClassification(nn.Module):
    def __init__(self):
        super().__init__()
        self.parsnip = Parsnip()
        self.sorter = nn.ModuleDict(dict(mix=nn.Linear(WIDTH, WIDTH), scores=nn.Linear(WIDTH, LABELS)))

    def forward(self, rows):
        """Logits [rows, labels], and of each state all tokens of all rows."""
        states = [self.parsnip(torch.tensor(row["input_ids"])) for row in rows]
        first = torch.stack([of_row[-1][0] for of_row in states])
        logits = self.sorter["scores"](torch.tanh(self.sorter["mix"](first)))
        return logits, [torch.cat(of_layer) for of_layer in zip(*states)]


def level_of(name):
    """0: embeddings; N + 1: block N; blocks + 1: all after the last block."""
    parts = name.split(".")
    if "input" in parts:
        return 0
    return int(parts[2]) + 1 if parts[1] == "blocks" else CONFIG["blocks"] + 1


# ---- rows, training -------------------------------------------------------------------------------------------------

def make_rows(rng):
    """Rows of random words between 2 (start) and 3 (end). Batch 0 begins with the shortest and the longest."""
    def row(length=None):
        length = length or rng.randint(4, CONFIG["longest"])
        ids = [2, *(rng.randrange(5, CONFIG["words"]) for _ in range(length - 2)), 3]
        return dict(input_ids=ids, token_type_ids=[0] * length, label=rng.randrange(LABELS))
    data = [[row() for _ in range(ROWS)] for _ in range(STEPS)]
    data[0][0], data[0][1] = row(3), row(CONFIG["longest"])
    return data


def class_loss(model, rows, s):
    weight = torch.tensor(s["class_weights"]) if s["class_weights"] else None
    if weight is not None:
        weight = weight.to(next(model.parameters()).dtype)
    labels = torch.tensor([row["label"] for row in rows])
    size = len(rows) if weight is None else weight[labels].sum().item()
    return cross_entropy(model(rows)[0], labels, weight=weight, label_smoothing=s["label_smoothing"]), size


def linear_with_warmup(step, warmup, steps):
    """transformers' get_scheduler("linear")."""
    return step / max(1, warmup) if step < warmup else max(0.0, (steps - step) / max(1, steps - warmup))


def train(model, batches, s, levels, decays):
    top = max(levels.values())
    groups = []
    for name, p in model.named_parameters():
        p.requires_grad = not any(name.startswith(prefix) for prefix in s["frozen"])
        if p.requires_grad:
            lr = s["lr"] * s["layer_decay"] ** (top - levels[name])
            groups.append(dict(params=[p], lr=lr, weight_decay=s["weight_decay"] if name in decays else 0.0))
    opt = torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-8)
    steps = len(batches) // s["accumulate"]
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: linear_with_warmup(step, s["warmup_steps"], steps))
    records = []
    for k in range(steps):
        micro = [class_loss(model, rows, s) for rows in batches[k * s["accumulate"]:(k + 1) * s["accumulate"]]]
        loss = sum(one * size for one, size in micro) / sum(size for _, size in micro)
        loss.backward()
        norm = nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], s["max_grad_norm"])
        opt.step(); sched.step(); opt.zero_grad()
        records.append(dict(step=k, loss=loss.item(), grad_norm=norm.item()))
    return records


def write_json(name, value):
    (OUT / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main():
    torch.manual_seed(11)
    model = ParsnipForSequenceClassification()
    with torch.no_grad():
        for p in model.parameters():
            # Matrices as the config says; vectors off their neutral value, so that a missing one shows.
            p.normal_(std=CONFIG["initializer_range"]) if p.dim() > 1 else p.add_(torch.randn_like(p) * 0.1)
        model.sorter["scores"].weight.mul_(3)
    start = {name: p.clone() for name, p in model.state_dict().items()}
    named = lambda: dict(model.named_parameters())
    (OUT / "checkpoint").mkdir(exist_ok=True)
    save_file(start, str(OUT / "checkpoint/model.safetensors"), metadata={"format": "pt"})
    write_json("checkpoint/config.json", CONFIG)
    data = make_rows(random.Random(11))
    write_json("batches.json", data)
    levels = {name: level_of(name) for name in named()}
    decays = [name for name, p in named().items() if p.dim() > 1]

    loss, _ = class_loss(model, data[0], SETTINGS)
    loss.backward()
    logits, states = model(data[0])
    hidden = {f"hidden_states.{i}": state.detach().contiguous() for i, state in enumerate(states)}
    save_file({**hidden, "logits": logits.detach(), "loss": loss.detach().reshape(1)}, str(OUT / "forward.safetensors"))
    save_file({name: p.grad for name, p in named().items()}, str(OUT / "gradients.safetensors"))

    twin = ParsnipForSequenceClassification().double()
    twin.load_state_dict(start)
    class_loss(twin, data[0], SETTINGS)[0].backward()
    noise = [name for name, p in twin.named_parameters() if p.dim() == 1 and p.grad.norm() < 1e-12]

    trajectories = {}
    for name, change in VARIANTS.items():
        model.load_state_dict(start); model.zero_grad()
        s = {**SETTINGS, **change}
        records = train(model, data, s, levels, decays)
        trajectories[name] = dict(settings=s, steps=records, decays=decays, levels=levels, noise=noise)
        if name == "plain":
            save_file({n: p.detach() for n, p in named().items()}, str(OUT / "after_training.safetensors"))
        print(name, [round(one["loss"], 3) for one in records])
    write_json("trajectories.json", trajectories)
    print("noise:", *noise)


main()
