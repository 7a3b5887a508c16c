"""Contributions of tokens to a logit, by PyTorch's autograd, for the checkpoints of tiny/ and families/.

    pip install torch transformers numpy
    python make_attributions.py > attributions.json

One row of each checkpoint in float64, without dropout: gradient × input by the output of the word embeddings, and
integrated gradients (Sundararajan et al. 2017) from padding to the text by 256 points of Gauss and Legendre, which lie
closer to padding (its vector is zero in these checkpoints, near which a norm of the embeddings changes fast). Special tokens
stay as they are.
"""
import json, pathlib
import numpy as np
import torch
import transformers as hf

HERE = pathlib.Path(__file__).parent
NAMES = ["albert", "bert-heads-of-7", "deberta", "deberta-v2", "distilbert", "electra", "modernbert", "mpnet", "roberta"]
OUTPUT = 1
hf.logging.set_verbosity_error()


def contributions(folder):
    model = hf.AutoModelForSequenceClassification.from_pretrained(
        folder / "checkpoint", attn_implementation="eager").double().eval()
    row = json.loads((folder / "batches.json").read_text())[0][2]
    ids, types = row["input_ids"], row["token_type_ids"]
    padding = model.config.pad_token_id
    # The rows of tiny/ have no special tokens.
    special = [folder.name != "tiny" and (i == 0 or id == ids[-1]) for i, id in enumerate(ids)]
    more = dict(token_type_ids=torch.tensor([types])) if getattr(model.config, "type_vocab_size", 0) else {}
    table = model.get_input_embeddings().weight.detach()
    to = table[torch.tensor(ids)]
    origin = table[torch.tensor([id if kept else padding for id, kept in zip(ids, special)])]

    def output(vectors):
        return model(inputs_embeds=vectors[None], attention_mask=torch.ones(1, len(ids)), **more).logits[0, OUTPUT]

    def gradient(vectors):
        vectors = vectors.clone().requires_grad_()
        return torch.autograd.grad(output(vectors), vectors)[0]

    points, weights = np.polynomial.legendre.leggauss(256)
    points, weights = ((points + 1) / 2) ** 3, weights / 2 * 3 * ((points + 1) / 2) ** 2
    path = sum(w * gradient(origin + p * (to - origin)) for p, w in zip(points, weights))
    rounded = lambda values: [float(f"{value:.7g}") for value in values]
    return dict(
        ids=ids, types=types, special=[int(kept) for kept in special], padding=padding, output=OUTPUT,
        logit=float(f"{output(to).item():.7g}"), baseline=float(f"{output(origin).item():.7g}"),
        gradient_input=rounded((to * gradient(to)).sum(1).tolist()),
        integrated=rounded(((to - origin) * path).sum(1).tolist()),
    )


folders = [HERE / "tiny", *(HERE / "families" / name for name in NAMES)]
print("{\n" + ",\n".join(f'"{folder.name}": {json.dumps(contributions(folder))}' for folder in folders) + "\n}")
