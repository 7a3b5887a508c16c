"""Small models of tasks beside plain single-label classification, laid out as make_tasks.py does, in a few kB each: a BERT
of one layer with heads of 6 numbers, or another family that a name ends in.

    pip install torch transformers safetensors
    python make_task_sizes.py OUT_DIR NAME ...   # e.g. focal token-classification-modernbert
"""
import json, pathlib, sys
import make_families as families
from make_tasks import TASKS, check, make, small_bert

LABELS = {"focal": 3}
SMALL = dict(hidden_size=12, num_attention_heads=2, num_hidden_layers=1, intermediate_size=20)
TINY = dict(hidden_size=8, num_attention_heads=2, num_hidden_layers=1, intermediate_size=12)
FAMILIES = {
    "modernbert": lambda: families.modernbert(29, **{**TINY, "num_hidden_layers": 2}),
}


def compact(path):
    """Without the line breaks that are half of such a file."""
    path.write_text(json.dumps(json.loads(path.read_text()), separators=(",", ":")) + "\n", encoding="utf-8")


out = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    base, _, of = name.rpartition("-")
    task, family = TASKS[name if of not in FAMILIES else base], FAMILIES.get(of, lambda: small_bert(61, max_position_embeddings=16, **SMALL))()
    if of in FAMILIES:  # what the family decides is in any trajectory
        task = {**task, "variants": {variant: task["variants"][variant] for variant in ("plain", "accumulate_weighted")}}
    make(out / name, name, task, family, labels=LABELS.get(name), seed=31, longest=14, batches=9)
    for file in ("batches.json", "trajectories.json"):
        compact(out / name / file)
    print(name, json.dumps(check(out / name, task)), flush=True)
