"""Small models of tasks beside plain single-label classification, laid out as make_tasks.py does, in a few kB each: a BERT
of one layer with heads of 6 numbers.

    pip install torch transformers safetensors
    python make_task_sizes.py OUT_DIR NAME ...   # e.g. focal
"""
import json, pathlib, sys
from make_tasks import TASKS, check, make, small_bert

LABELS = {"focal": 3}


def compact(path):
    """Without the line breaks that are half of such a file."""
    path.write_text(json.dumps(json.loads(path.read_text()), separators=(",", ":")) + "\n", encoding="utf-8")


out = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    family = small_bert(61, hidden_size=12, num_attention_heads=2, num_hidden_layers=1, intermediate_size=20, max_position_embeddings=16)
    make(out / name, name, TASKS[name], family, labels=LABELS.get(name), seed=31, longest=14, batches=9)
    for file in ("batches.json", "trajectories.json"):
        compact(out / name / file)
    print(name, json.dumps(check(out / name, TASKS[name])), flush=True)
