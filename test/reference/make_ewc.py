"""PyTorch's numbers for elastic weight consolidation and rehearsal, from the tiny reference checkpoint.

    pip install torch transformers
    python make_ewc.py TINY_DIR > ewc.json

The checkpoint's classifier is that of the earlier task, and the new task's classifier starts as a copy of it. The
diagonal Fisher information is taken over the rows of the 9th batch with the labels given there: the mean over rows of
the squared gradient of log p(label | row). Training is that of make_methods.py: the first 8 batches, AdamW at a constant
rate of 1e-3, nothing else. `ewc` adds lambda / 2 · sum F (w - w*)² over all of the encoder and the pooler; `rehearsal`
adds to each step the first 2 rows of the 10th to 13th batch, in turn, under the earlier classifier, the loss being the
mean over all rows of the step. Watched are sums over a tensor and over its squares.
"""
import copy, json, pathlib, sys
import torch
from transformers import BertForSequenceClassification

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_reference import collate

folder = pathlib.Path(sys.argv[1])
all_batches = json.loads((folder / "batches.json").read_text())
batches, fisher_rows, earlier_batches = all_batches[:8], all_batches[8], all_batches[9:13]
WATCHED = ["bert.pooler.dense.weight", "bert.encoder.layer.0.output.dense.weight", "bert.embeddings.word_embeddings.weight"]
LAMBDA, REHEARSED = 300.0, 2
cross_entropy = torch.nn.functional.cross_entropy
labels_of = lambda rows: torch.tensor([r["label"] for r in rows])
load = lambda: BertForSequenceClassification.from_pretrained(folder / "checkpoint", attn_implementation="eager").train()


def sums(tensors, names):
    return {n: [tensors[n].double().sum().item(), tensors[n].double().pow(2).sum().item()] for n in names}


def fisher_information():
    model = load()
    shared = {n: p for n, p in model.named_parameters() if n.startswith("bert.")}
    fisher = {n: torch.zeros_like(p) for n, p in shared.items()}
    for row in fisher_rows:
        model.zero_grad()
        cross_entropy(model(**collate([row])).logits, labels_of([row])).backward()
        for n, p in shared.items():
            fisher[n] += p.grad.detach() ** 2 / len(fisher_rows)
    return fisher


def train(fisher=None, rehearse=False):
    model = load()
    earlier = copy.deepcopy(model.classifier)
    start = {n: p.detach().clone() for n, p in model.named_parameters()}
    opt = torch.optim.AdamW([*model.parameters(), *earlier.parameters()], lr=1e-3, weight_decay=0.0)
    losses = []
    for step, batch in enumerate(batches):
        loss = cross_entropy(model(**collate(batch)).logits, labels_of(batch), reduction="sum")
        rows = len(batch)
        if rehearse:
            again = earlier_batches[step % len(earlier_batches)][:REHEARSED]
            pooled = model.bert(**collate(again)).pooler_output
            loss = loss + cross_entropy(earlier(pooled), labels_of(again), reduction="sum")
            rows += len(again)
        loss = loss / rows
        losses.append(loss.item())
        total = loss
        if fisher:
            total = loss + LAMBDA / 2 * sum((f * (p - start[n]) ** 2).sum()
                                            for n, p in model.named_parameters() if (f := fisher.get(n)) is not None)
        opt.zero_grad(); total.backward(); opt.step()
    final = {**dict(model.named_parameters()), **{f"earlier.classifier.{n}": p for n, p in earlier.named_parameters()}}
    distance = {n: (final[n] - start[n]).norm().item() for n in WATCHED}
    return dict(losses=losses, weights=sums(final, [*WATCHED, "classifier.weight", "earlier.classifier.weight"]), distance=distance)


fisher = fisher_information()
print(json.dumps(dict(strength=LAMBDA, rehearsed=REHEARSED,
                      fisher={n: [f.double().sum().item(), f.double().pow(2).sum().item(), f.max().item()]
                              for n, f in fisher.items() if n in WATCHED},
                      plain=train(), ewc=train(fisher), rehearsal=train(rehearse=True)), indent=1))
