"""BERT with head sizes that are no multiples of 4, laid out as test/reference/tiny: heads of 7 numbers and of 26.

    pip install torch transformers safetensors
    python make_sizes.py OUT_DIR
"""
import json, pathlib, sys
from make_families import bert, check, make

SIZES = {
    "bert-heads-of-7": dict(vocab=101, hidden_size=21, num_attention_heads=3, intermediate_size=27, num_hidden_layers=2, num_labels=3),
    "bert-heads-of-26": dict(vocab=101, hidden_size=52, num_attention_heads=2, intermediate_size=30, num_hidden_layers=1),
}

out = pathlib.Path(sys.argv[1])
for name, sizes in SIZES.items():
    family = bert(**sizes)
    make(out / name, family)
    print(name, json.dumps(check(out / name, family)), flush=True)
