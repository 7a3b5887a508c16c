"""From a small random checkpoint of a family, with a tokenizer of its kind, to a folder that transformers loads with the
same predictions, and to an adapter that PEFT loads; for any task.

    pip install torch transformers peft safetensors
    python check_families.py WORK_DIR TOKENIZERS_DIR [NAME ...] [--kinds KIND ...]

TOKENIZERS_DIR has the folders that FAMILIES names, each with tokenizer.json and tokenizer_config.json. KIND is one of
task_rows.py, "single-label" where none is given, or "all". Runs
`npm run -s tabtune -- fit` and `predict` on the processor, from the root of the repository; then check_export.py and
check_adapter.py with each of the Pythons that PYTHONS in the environment names, with colons between: they may have other
versions of transformers. Exits 1 where one of them does.
"""
import argparse, csv, json, os, pathlib, shutil, subprocess, sys
import torch
import transformers as hf
from task_rows import kinds
from tokenizers import Tokenizer

small = dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=3, intermediate_size=64, initializer_range=0.3)
like_roberta = dict(small, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5)
like_deberta = dict(small, max_position_embeddings=64, relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, type_vocab_size=0)
# Each with its config and the folder of its tokenizer.
FAMILIES = {
    "bert": (hf.BertConfig, dict(small, max_position_embeddings=64), "bert-multilingual-cased"),
    "distilbert": (hf.DistilBertConfig, dict(dim=32, n_heads=4, n_layers=3, hidden_dim=64, initializer_range=0.3, max_position_embeddings=64), "distilbert"),
    "roberta": (hf.RobertaConfig, like_roberta, "roberta"),
    "xlm-roberta": (hf.XLMRobertaConfig, like_roberta, "xlm-roberta"),
    "camembert": (hf.CamembertConfig, dict(like_roberta, bos_token_id=5, eos_token_id=6), "camembert"),
    "electra": (hf.ElectraConfig, dict(small, embedding_size=20, max_position_embeddings=64), "electra"),
    "mpnet": (hf.MPNetConfig, dict(small, max_position_embeddings=66), "mpnet"),
    "deberta": (hf.DebertaConfig, dict(like_deberta, pad_token_id=1), "roberta"),
    "deberta-v2": (hf.DebertaV2Config, dict(like_deberta, position_buckets=8, share_att_key=True, norm_rel_ebd="layer_norm"), "deberta-v3/converted"),
    "modernbert": (hf.ModernBertConfig, dict(small, max_position_embeddings=64, local_attention=16, global_attn_every_n_layers=2, pad_token_id=0, bos_token_id=1,
                                              eos_token_id=2, cls_token_id=1, sep_token_id=2), "modernbert"),
    "albert": (hf.AlbertConfig, dict(small, embedding_size=20, num_hidden_groups=2, max_position_embeddings=64), "albert"),
}
PACKED = ("modernbert", "deberta")  # query, key and value are one matrix, beside which there is no LoRA
LOADERS = os.environ.get("PYTHONS", sys.executable).split(":")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "public/sample/sms-spam.csv"
FIT = ["--steps", "20", "--set", "maxLength=48", "--set", "learningRate=0.003", "--set", "batchSize=8", "--backend", "wasm"]
# What a task has besides.
OWN = {"multi-label": ["--set", "thresholds=bestF1"], "token-classification": ["--steps", "60", "--set", "epochs=4"]}


def tabtune(*options, texts=None):
    done = subprocess.run(["npm", "run", "-s", "tabtune", "--", *map(str, options)], cwd=ROOT, input=texts, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"tabtune {options[0]}: {done.stderr[-2000:]}")
    return done.stdout


def make_checkpoint(folder, tokenizer, name):
    """A bare encoder of the family, as a person may have it, with the tokenizer's words."""
    config, sizes, _ = FAMILIES[name]
    torch.manual_seed(5)
    words = Tokenizer.from_file(str(tokenizer / "tokenizer.json")).get_vocab_size()
    hf.AutoModel.from_config(config(vocab_size=words, **sizes)).save_pretrained(folder)
    shutil.copy(tokenizer / "tokenizer.json", folder)
    # A converted tokenizer's settings are those of the folder above.
    settings = tokenizer / "tokenizer_config.json"
    shutil.copy(settings if settings.exists() else tokenizer.parent / settings.name, folder)


def check(work, checkpoint, kind):
    with open(SAMPLE, newline="", encoding="utf-8") as file:
        sample = [[row["label"], " ".join(row["text"].split())] for row in csv.DictReader(file)][:150]
    task, file_name, content, lines = kinds(sample)[kind]
    work.mkdir(parents=True, exist_ok=True)
    rows, texts = work / file_name, work / "texts.txt"
    rows.write_text(content, encoding="utf-8")
    texts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--data", rows, "--task", task, *FIT, *OWN.get(task, [])]
    tabtune("fit", "--model", checkpoint, "--out", work / "out", *options)
    scores = work / "predictions.jsonl"
    scores.write_text(tabtune("predict", "--model", work / "out/model", "--backend", "wasm", texts=texts.read_text(encoding="utf-8")), encoding="utf-8")
    here = pathlib.Path(__file__).parent
    exported = [here / "check_export.py", work / "out/model", texts, scores, "--task", task]
    results = [subprocess.run([python, *exported]).returncode for python in LOADERS]
    # PEFT's adapter stands beside a classifier's own head: the one that was trained here.
    parts = ([] if checkpoint.parent.name in PACKED else ["query", "value"]) + ["attentionOutput", "intermediate", "output"]
    lora = ["--set", "loraRank=4", "--set", f"loraTargets={json.dumps(parts)}"]
    tabtune("fit", "--model", work / "out/model", "--out", work / "lora", "--adapter", *options, *lora)
    adapter = [here / "check_adapter.py", work / "out/model", work / "lora", "--task", task]
    results += [subprocess.run([python, *adapter]).returncode for python in LOADERS]
    return not any(results)


options = argparse.ArgumentParser()
options.add_argument("work", type=pathlib.Path)
options.add_argument("tokenizers", type=pathlib.Path)
options.add_argument("names", nargs="*", default=list(FAMILIES))
options.add_argument("--kinds", nargs="+", default=["single-label"])
given = options.parse_args()
failed = []
for name in given.names:
    checkpoint = given.work.resolve() / name / "checkpoint"
    checkpoint.mkdir(parents=True, exist_ok=True)
    make_checkpoint(checkpoint, given.tokenizers.resolve() / FAMILIES[name][2], name)
    for kind in list(kinds([["", "a"]])) if given.kinds == ["all"] else given.kinds:
        print(f"{name}, {kind}:", flush=True)
        if not check(given.work.resolve() / name / kind, checkpoint, kind):
            failed.append(f"{name} {kind}")
print(f"failed: {', '.join(failed)}" if failed else "all the same")
sys.exit(bool(failed))
