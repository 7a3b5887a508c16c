"""PyTorch's numbers for the methods of training that a recipe can switch on, from the tiny reference checkpoint.

    pip install torch transformers
    python make_methods.py TINY_DIR > methods.json

Every method trains over the first 8 batches with AdamW (no decay, no clipping, no dropout) at a constant rate of 1e-3,
but for what it changes. `losses` are those of the data at each step; `weights` are sums over a weight and over its
squares at the end, which move when a single element does.
"""
import copy, json, pathlib, sys
import torch
from torch.nn.functional import kl_div, log_softmax
from transformers import BertForSequenceClassification

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_reference import collate

folder = pathlib.Path(sys.argv[1])
batches = json.loads((folder / "batches.json").read_text())[:8]
WATCHED = ["classifier.weight", "bert.encoder.layer.0.output.dense.weight", "bert.embeddings.word_embeddings.weight"]
LR, EPS, BETAS = 1e-3, 1e-8, (0.9, 0.999)


def run(*, l2sp=0.0, ema=0.0, clip_value=None, bias_correction=True, average=0):
    model = BertForSequenceClassification.from_pretrained(folder / "checkpoint", attn_implementation="eager").train()
    start = {n: p.detach().clone() for n, p in model.named_parameters()}
    opt = torch.optim.AdamW(model.parameters(), lr=LR, betas=BETAS, eps=EPS, weight_decay=0.0)
    shadow = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(ema)) if ema else None
    if shadow:
        shadow.update_parameters(model)  # the first call copies the starting weights
    moments = {n: (torch.zeros_like(p), torch.zeros_like(p)) for n, p in model.named_parameters()}
    losses, kept = [], []
    for batch in batches:
        logits = model(**collate(batch)).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor([r["label"] for r in batch]))
        losses.append(loss.item())
        total = loss
        if l2sp:  # Li et al. 2018: what is new (pooler and classifier here) is left free
            total = loss + l2sp / 2 * sum(((p - start[n]) ** 2).sum() for n, p in model.named_parameters()
                                          if not n.startswith(("classifier", "bert.pooler")))
        opt.zero_grad(); total.backward()
        if clip_value:
            torch.nn.utils.clip_grad_value_(model.parameters(), clip_value)
        if bias_correction:
            opt.step()
        else:  # AdamW as in BERT's first code
            with torch.no_grad():
                for n, p in model.named_parameters():
                    m, v = moments[n]
                    m.mul_(BETAS[0]).add_(p.grad, alpha=1 - BETAS[0]); v.mul_(BETAS[1]).addcmul_(p.grad, p.grad, value=1 - BETAS[1])
                    p.sub_(LR * m / (v.sqrt() + EPS))
        if shadow:
            shadow.update_parameters(model)
        kept.append({n: p.detach().clone() for n, p in model.named_parameters()})
    final = dict(shadow.module.named_parameters()) if shadow else dict(model.named_parameters())
    if average:
        final = {n: torch.stack([k[n] for k in kept[-average:]]).mean(0) for n in kept[0]}
    sums = {n: [final[n].double().sum().item(), final[n].double().pow(2).sum().item()] for n in WATCHED}
    return dict(losses=losses, weights=sums)


def divergence():
    torch.manual_seed(5)
    first, second = (torch.randn(4, 3).requires_grad_() for _ in range(2))
    p, q = log_softmax(first, -1), log_softmax(second, -1)
    loss = 0.7 * (kl_div(q, p, reduction="sum", log_target=True) + kl_div(p, q, reduction="sum", log_target=True)) / 2 / 4
    loss.backward()
    return dict(weight=0.7, first=first.tolist(), second=second.tolist(), loss=loss.item(),
                dFirst=first.grad.tolist(), dSecond=second.grad.tolist())


print(json.dumps(dict(
    plain=run(), l2sp=run(l2sp=0.5), ema=run(ema=0.8), clip_value=run(clip_value=1e-4),
    no_bias_correction=run(bias_correction=False), average=run(average=3), r_drop=divergence()), indent=1))
