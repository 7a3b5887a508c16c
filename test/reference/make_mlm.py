"""PyTorch's numbers for continued pretraining: BertForMaskedLM over the tiny reference checkpoint's encoder.

    pip install torch transformers
    python make_mlm.py TINY_DIR > mlm.json

The head's values and the masks are formulas (repeated in test/train/masked-lm.ts), the decoder is tied to the word
embedding. Eight batches, AdamW (no decay, no clipping, no dropout) at a constant rate of 1e-3. `losses` are those of
each step; `weights` are sums over a weight and over its squares at the end.

`fisher` is the diagonal Fisher information of the masked tokens of the 9th batch before the first step, with the labels
that stood there: each row masked by itself, the squared gradient of the sum of log p over its masked tokens, summed over
the rows and divided by the number of masked tokens. Of each weight its sum, the sum of its squares and its largest
element.
"""
import json, math, pathlib, sys
import torch
from transformers import BertForMaskedLM

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_reference import collate

folder = pathlib.Path(sys.argv[1])
all_batches = json.loads((folder / "batches.json").read_text())
batches, fisher_rows = all_batches[:8], all_batches[8]
MASK, VOCABULARY = 4, 997
WATCHED = ["bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight",
           "bert.encoder.layer.0.output.dense.weight", "cls.predictions.transform.dense.weight",
           "cls.predictions.transform.LayerNorm.weight", "cls.predictions.bias"]
HEAD = {  # scale, frequency, shift
    "cls.predictions.transform.dense.weight": (0.2, 0.37, 0.0), "cls.predictions.transform.dense.bias": (0.05, 0.7, 0.0),
    "cls.predictions.transform.LayerNorm.weight": (0.1, 1.1, 1.0), "cls.predictions.transform.LayerNorm.bias": (0.05, 1.3, 0.0),
    "cls.predictions.bias": (0.1, 0.9, 0.0),
}


def masked(batch):
    """Every seventh token of a row; of ten, eight become the mask, one another token, one stays."""
    inputs, labels, k = [], [], 0
    for r, row in enumerate(batch):
        ids, wanted = list(row["input_ids"]), [-100] * len(row["input_ids"])
        for t in range(r % 5, len(ids), 7):
            wanted[t] = ids[t]
            if k % 10 < 8: ids[t] = MASK
            elif k % 10 == 8: ids[t] = (k * 37 + 11) % VOCABULARY
            k += 1
        inputs.append(dict(input_ids=ids, token_type_ids=row["token_type_ids"])); labels.append(wanted)
    width = max(map(len, labels))
    return inputs, torch.tensor([l + [-100] * (width - len(l)) for l in labels])


model = BertForMaskedLM.from_pretrained(folder / "checkpoint", attn_implementation="eager").train()
parameters = dict(model.named_parameters())
assert model.cls.predictions.decoder.weight is model.bert.embeddings.word_embeddings.weight
with torch.no_grad():
    for name, (scale, frequency, shift) in HEAD.items():
        p = parameters[name]
        p.copy_(torch.tensor([shift + scale * math.sin(frequency * i + 1) for i in range(p.numel())]).view(p.shape))
assert torch.equal(model.cls.predictions.decoder.bias, model.cls.predictions.bias)
encoder = {n: p for n, p in parameters.items() if n.startswith("bert.")}
fisher, asked = {n: torch.zeros_like(p) for n, p in encoder.items()}, 0
for row in fisher_rows:
    rows, labels = masked([row])
    model.zero_grad()
    logits = model(**collate(rows)).logits
    torch.nn.functional.cross_entropy(logits.view(-1, VOCABULARY), labels.view(-1), ignore_index=-100, reduction="sum").backward()
    asked += (labels != -100).sum().item()
    for n, p in encoder.items():
        fisher[n] += p.grad.detach() ** 2
fisher = {n: f / asked for n, f in fisher.items()}
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
losses = []
for batch in batches:
    rows, labels = masked(batch)
    loss = model(**collate(rows), labels=labels).loss
    losses.append(loss.item())
    opt.zero_grad(); loss.backward(); opt.step()
sums = {n: [parameters[n].double().sum().item(), parameters[n].double().pow(2).sum().item()] for n in WATCHED}
information = {n: [f.double().sum().item(), f.double().pow(2).sum().item(), f.max().item()] for n in WATCHED if (f := fisher.get(n)) is not None}
print(json.dumps(dict(losses=losses, weights=sums, fisher=information), indent=1))
