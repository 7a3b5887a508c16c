"""PyTorch's numbers for continued pretraining of the families in test/reference/families: each AutoModelForMaskedLM over its
small checkpoint.

    pip install torch transformers
    python make_mlm_families.py FAMILIES_DIR > mlm_families.json

The head's values are a formula by size (repeated in test/families/language-heads.test.ts); masks as in make_mlm.py, with
token 4 as the mask. Six batches, AdamW (no decay, no clipping, no dropout) at a constant rate of 1e-3. `losses` are those
of each step; `weights` the sums over each weight and over its squares at the end, key biases left out.
"""
import json, math, pathlib, sys
import torch
from transformers import AutoModelForMaskedLM

folder = pathlib.Path(sys.argv[1])
MASK = 4


def masked(batch, pad):
    """Every seventh token of a row is asked for and replaced by the mask."""
    width = max(len(row["input_ids"]) for row in batch)
    ids, types, labels, mask = [], [], [], []
    for r, row in enumerate(batch):
        own, wanted = list(row["input_ids"]), [-100] * width
        for t in range(r % 3, len(own), 7):
            wanted[t] = own[t]
            own[t] = MASK
        rest = width - len(own)
        ids.append(own + [pad] * rest); mask.append([1] * len(own) + [0] * rest)
        types.append(row["token_type_ids"] + [0] * rest); labels.append(wanted)
    return {k: torch.tensor(v) for k, v in dict(input_ids=ids, token_type_ids=types, attention_mask=mask, labels=labels).items()}


result = {}
for name in ("roberta", "electra", "albert"):
    batches = json.loads((folder / name / "batches.json").read_text())[:6]
    model = AutoModelForMaskedLM.from_pretrained(folder / name / "checkpoint", attn_implementation="eager").train()
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for n, p in parameters.items():
            if n.startswith(model.base_model_prefix + "."):
                continue
            shift = 1.0 if n.lower().endswith("norm.weight") else 0.0
            p.copy_(torch.tensor([shift + 0.2 * math.sin(0.7 * i + p.numel()) for i in range(p.numel())]).view(p.shape))
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    losses = []
    for batch in batches:
        loss = model(**masked(batch, model.config.pad_token_id)).loss
        losses.append(loss.item())
        opt.zero_grad(); loss.backward(); opt.step()
    weights = {n: [p.double().sum().item(), p.double().pow(2).sum().item()]
               for n, p in parameters.items() if not n.endswith("key.bias") and p.grad is not None}
    result[name] = dict(losses=losses, weights=weights)
print(json.dumps(result))
