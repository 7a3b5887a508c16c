"""What BERT's classifier gives where it does not read the pooler, computed with PyTorch and transformers.

    pip install torch transformers safetensors
    python make_pooling.py tiny/checkpoint tiny/batches.json pooling.json

For [CLS], the mean over tokens, and that mean over the last four layers, from the tiny checkpoint's encoder and
classifier: logits, loss and some gradients of the first batch, and the losses of three AdamW steps. Four layers of two
are two; so the last is also computed with six layers, the checkpoint's two three times over. No dropout, no decay.
"""
import json, pathlib, sys
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel
from make_reference import collate, write_json

GRADIENTS = ["bert.embeddings.LayerNorm.bias", "bert.encoder.layer.0.attention.output.dense.bias",
             "bert.encoder.layer.1.output.LayerNorm.weight", "classifier.weight", "classifier.bias"]


class Classifier(torch.nn.Module):
    def __init__(self, config, weights, pooling, layers):
        super().__init__()
        self.bert = BertModel(BertConfig(**{**config, "num_hidden_layers": layers}), add_pooling_layer=False)
        self.classifier = torch.nn.Linear(config["hidden_size"], weights["classifier.bias"].numel())
        self.pooling = pooling
        own = {name: weights[name.replace(f".layer.{i}.", f".layer.{i % 2}.")] for i in range(layers)
               for name in self.state_dict() if ".layer." not in name or f".layer.{i}." in name}
        self.load_state_dict(own)

    def forward(self, inputs):
        states = self.bert(**inputs, output_hidden_states=True).hidden_states
        mask = inputs["attention_mask"].unsqueeze(-1)
        mean = lambda x: (x * mask).sum(1) / mask.sum(1)
        pooled = {"cls": lambda: states[-1][:, 0], "mean": lambda: mean(states[-1]),
                  "mean-last-4": lambda: mean(torch.stack(states[1:][-4:]).mean(0))}[self.pooling]()
        return self.classifier(pooled)


def case(config, weights, batches, pooling, layers, lr=1e-3):
    model = Classifier(config, weights, pooling, layers)
    opt = torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    record = dict(pooling=pooling, layers=layers, losses=[])
    for k, rows in enumerate(batches):
        logits = model(collate(rows))
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor([r["label"] for r in rows]))
        opt.zero_grad(); loss.backward()
        if k == 0:
            record["logits"] = logits.flatten().tolist()
            record["gradients"] = {n: p.grad.flatten().tolist() for n, p in model.named_parameters() if n in GRADIENTS}
        opt.step()
        record["losses"].append(loss.item())
    return record


if __name__ == "__main__":
    checkpoint, batches, out = map(pathlib.Path, sys.argv[1:])
    config = json.loads((checkpoint / "config.json").read_text())
    config.update(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager")
    weights = load_file(str(checkpoint / "model.safetensors"))
    first = json.loads(batches.read_text())[:3]
    write_json(out, [case(config, weights, first, *what)
                     for what in [("cls", 2), ("mean", 2), ("mean-last-4", 2), ("mean-last-4", 6)]])
