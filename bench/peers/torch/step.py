"""Training steps and an evaluation by PyTorch on the processor, eager, for the bench's section `torch`.

    pip install -r requirements.txt
    python step.py CHECKPOINT_FOLDER < case.json

The case has `rows` (ids, types, labels), `threads` (a list), `repeats`, `compared_steps`, `learning_rate`,
`weight_decay` and `max_gradient_norm`; dropout is the checkpoint's. Rows are padded to the longest, with an attention
mask. With `evaluated` (an object like `rows`) those are scored, nothing is trained: batches of 8 in file order, each
padded to its longest. Prints one JSON object: versions, the losses of the first steps without dropout, decay and
clipping, or the logits, and the milliseconds of each step or evaluation by threads.
"""
import json, sys, time
import torch, transformers
from transformers import BertForSequenceClassification

NO_DECAY = ("bias", "LayerNorm.weight")


def batch_of(rows):
    width = max(map(len, rows["ids"]))
    pad = lambda values: torch.tensor([row + [0] * (width - len(row)) for row in values])
    mask = pad([[1] * len(row) for row in rows["ids"]])
    return dict(input_ids=pad(rows["ids"]), token_type_ids=pad(rows["types"]), attention_mask=mask, labels=torch.tensor(rows["labels"]))


def optimizer_of(model, learning_rate, weight_decay):
    named = list(model.named_parameters())
    decayed = [p for name, p in named if not name.endswith(NO_DECAY)]
    others = [p for name, p in named if name.endswith(NO_DECAY)]
    groups = [dict(params=decayed, weight_decay=weight_decay), dict(params=others, weight_decay=0.0)]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.999), eps=1e-8)


def step(model, optimizer, batch, max_norm):
    loss = model(**batch).loss
    loss.backward()
    if max_norm is not None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


EVALUATED_AT_ONCE = 8


def evaluate(model, rows):
    batches = []
    for start in range(0, len(rows["ids"]), EVALUATED_AT_ONCE):
        batches.append(batch_of({key: values[start : start + EVALUATED_AT_ONCE] for key, values in rows.items()}))
    with torch.inference_mode():
        return torch.cat([model(**batch).logits for batch in batches])


def timed(threads, repeats, run):
    torch.set_num_threads(threads)
    run()
    ms = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        ms.append(1000 * (time.perf_counter() - start))
    return dict(threads=threads, ms=ms)


def main(folder, case):
    versions = dict(torch=torch.__version__, transformers=transformers.__version__)
    if "evaluated" in case:
        model = BertForSequenceClassification.from_pretrained(folder).eval()
        run = lambda: evaluate(model, case["evaluated"])
        times = [timed(threads, case["repeats"], run) for threads in case["threads"]]
        return dict(versions, logits=run().flatten().tolist(), times=times)

    batch = batch_of(case["rows"])
    load = lambda: BertForSequenceClassification.from_pretrained(folder)
    plain = load().eval()
    optimizer = optimizer_of(plain, case["learning_rate"], 0.0)
    losses = [step(plain, optimizer, batch, None) for _ in range(case["compared_steps"])]
    del plain, optimizer

    model = load().train()
    optimizer = optimizer_of(model, case["learning_rate"], case["weight_decay"])
    run = lambda: step(model, optimizer, batch, case["max_gradient_norm"])
    times = [timed(threads, case["repeats"], run) for threads in case["threads"]]
    return dict(versions, losses=losses, times=times)


transformers.utils.logging.set_verbosity_error()
print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
