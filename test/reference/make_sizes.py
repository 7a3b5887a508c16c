"""Small models in sizes that make_families.py does not have, laid out as test/reference/tiny: BERT with heads of 7 numbers
and of 26; DistilBERT; RoBERTa; ELECTRA with narrow embeddings; ALBERT with five layers in two groups; MPNet; DeBERTa-v2 with 12 buckets, DeBERTa with 24 distances;
ModernBERT with the mean as pooling.

    pip install torch transformers safetensors
    python make_sizes.py OUT_DIR
"""
import json, pathlib, sys
from make_families import albert, bert, check, deberta, deberta_v2, distilbert, electra, keys, make, modernbert, mpnet, roberta

SIZES = {
    "bert-heads-of-7": lambda: bert(vocab=101, hidden_size=21, num_attention_heads=3, intermediate_size=27, num_hidden_layers=2, num_labels=3),
    "bert-heads-of-26": lambda: bert(vocab=101, hidden_size=52, num_attention_heads=2, intermediate_size=30, num_hidden_layers=1),
    "distilbert": lambda: distilbert(91, dim=36, n_heads=2, hidden_dim=50),
    "roberta": lambda: roberta(151, hidden_size=28, num_attention_heads=2, num_hidden_layers=2, intermediate_size=60, num_labels=4),
    "electra": lambda: electra(151, embedding_size=18, hidden_size=36, num_attention_heads=3, intermediate_size=48, num_hidden_layers=2),
    "albert": lambda: albert(151, embedding_size=14, hidden_size=36, num_attention_heads=2, num_hidden_layers=5, num_hidden_groups=2,
                             intermediate_size=50, num_labels=2),
    "mpnet": lambda: mpnet(91, hidden_size=36, num_attention_heads=2, num_hidden_layers=2, intermediate_size=50, num_labels=3),
    "deberta-v2": lambda: deberta_v2(91, hidden_size=36, num_attention_heads=2, num_hidden_layers=2, intermediate_size=50, position_buckets=12),
    "deberta": lambda: deberta(91, hidden_size=28, num_attention_heads=2, num_hidden_layers=2, intermediate_size=50, max_relative_positions=24,
                               num_labels=3),
    "modernbert": lambda: modernbert(91, every=2, hidden_size=28, num_attention_heads=2, num_hidden_layers=3, intermediate_size=38,
                                     local_attention=10, classifier_pooling="mean"),
}
SEEDS = {"bert-heads-of-7": 7, "bert-heads-of-26": 7}

out = pathlib.Path(sys.argv[1])
for name, build in SIZES.items():
    family = build()
    make(out / name, family, seed=SEEDS.get(name, 31))
    print(name, json.dumps(check(out / name, family)), flush=True)
    if not name.startswith("bert-"):
        keys(out / name, {name: family["config"]})
        path = out / name / "keys.json"
        path.write_text(json.dumps(json.loads(path.read_text())[name]).replace('}, "', '},\n "') + "\n")
