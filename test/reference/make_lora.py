"""LoRA by `peft` on the tiny checkpoint: what test/run/lora.ts is held to.

    pip install torch transformers peft
    python make_lora.py          # writes lora.json beside itself

The checkpoint and the batches are those of make_reference.py. Dropout is 0, and each A starts from a formula instead
of random numbers: A[r, i] = 0.02 · sin(1 + r·in + i).
"""
import json, pathlib
import torch
from peft import LoraConfig, get_peft_model
from transformers import BertForSequenceClassification
from make_reference import collate, write_json

HERE = pathlib.Path(__file__).parent
MODULES = dict(query="query", key="key", value="value", attentionOutput="attention.output.dense",
               intermediate="intermediate.dense", output=r"layer.\d+.output.dense")
VARIANTS = {
    "query and value": dict(rank=3, alpha=6, targets=["query", "value"]),
    "key and output": dict(rank=1, alpha=1, targets=["key", "output"]),
    "all": dict(rank=4, alpha=8, targets=list(MODULES)),
}
SETTINGS = dict(lr=1e-3, weight_decay=0.05, max_grad_norm=1.0, steps=24)


def short(name):
    return name.replace("base_model.model.", "").replace(".default", "").replace("modules_to_save.", "")


def run(variant, batches):
    torch.manual_seed(0)
    base = BertForSequenceClassification.from_pretrained(HERE / "tiny/checkpoint", attn_implementation="eager")
    pattern = "|".join(MODULES[target] for target in variant["targets"])
    model = get_peft_model(base, LoraConfig(task_type="SEQ_CLS", r=variant["rank"], lora_alpha=variant["alpha"],
                                            lora_dropout=0.0, target_modules=rf".*\.({pattern})"))
    trainable = {name: p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, p in trainable.items():
            if ".lora_A." in name:
                p.copy_(0.02 * torch.sin(1 + torch.arange(p.numel(), dtype=torch.float64)).reshape(p.shape))
    # As Hugging Face's Trainer: biases do not decay, and there is no LayerNorm here.
    groups = [dict(params=[p for n, p in trainable.items() if not n.endswith("bias")], weight_decay=SETTINGS["weight_decay"]),
              dict(params=[p for n, p in trainable.items() if n.endswith("bias")], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=SETTINGS["lr"], betas=(0.9, 0.999), eps=1e-8)
    model.train()
    steps = []
    for rows in batches[:SETTINGS["steps"]]:
        logits = model(**collate(rows)).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor([row["label"] for row in rows]))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trainable.values(), SETTINGS["max_grad_norm"])
        optimizer.step(); optimizer.zero_grad()
        steps.append(dict(loss=loss.item(), grad_norm=norm.item()))
    model.eval()
    with torch.no_grad():
        logits = model(**collate(batches[0])).logits
    after = {short(name): p.detach() for name, p in trainable.items()}
    whole = f"layer.1.attention.self.{variant['targets'][0]}."
    return dict(**variant, steps=steps, logits=logits.flatten().tolist(),
                after=[dict(name=name, shape=list(p.shape), norm=p.norm().item()) for name, p in after.items()],
                matrices={name: [round(v, 7) for v in p.flatten().tolist()] for name, p in after.items() if whole in name})


if __name__ == "__main__":
    batches = json.loads((HERE / "tiny/batches.json").read_text())
    write_json(HERE / "lora.json", dict(settings=SETTINGS, variants={name: run(v, batches) for name, v in VARIANTS.items()}))
