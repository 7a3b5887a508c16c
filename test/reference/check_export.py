"""Does an exported folder load in transformers as it is, and predict the same?

    pip install torch transformers
    python check_export.py MODEL_DIR TEXTS PREDICTIONS [--task token-classification]

TEXTS has one text a line; PREDICTIONS one JSON object a line, as `tabtune predict` prints them: {"label": ..., "scores":
{LABEL: probability}}, or of a model that labels words {"entities": [{"label", "start", "end", "text", "score"}]}. Exits 1
where a label or an entity differs, or a probability is off by more than 1e-4.
"""
import argparse, json, sys
import torch
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer, pipeline

options = argparse.ArgumentParser()
options.add_argument("folder")
options.add_argument("texts")
options.add_argument("predictions")
options.add_argument("--task", default="single-label", choices=["single-label", "token-classification"])
given = options.parse_args()
asks_words = given.task == "token-classification"
auto = AutoModelForTokenClassification if asks_words else AutoModelForSequenceClassification
model, info = auto.from_pretrained(given.folder, output_loading_info=True)
model.float().eval()
most = json.load(open(f"{given.folder}/recipe.json", encoding="utf-8"))["maxLength"]
tokenizer = AutoTokenizer.from_pretrained(given.folder, **(dict(model_max_length=most) if asks_words else {}))
texts = open(given.texts, encoding="utf-8").read().splitlines()
predictions = [json.loads(line) for line in open(given.predictions, encoding="utf-8").read().splitlines()]
if len(texts) != len(predictions):
    sys.exit(f"{len(predictions)} predictions for {len(texts)} texts")
if info["missing_keys"] or info["unexpected_keys"]:
    sys.exit(f"missing {info['missing_keys']}, not used {info['unexpected_keys']}")


def stripped(entity, text):
    """The pipeline's entity without the spaces that tokens of some vocabularies begin with."""
    start, end = entity["start"], entity["end"]
    while start < end and text[start].isspace():
        start += 1
    return entity["entity_group"], start, end


def compare_words():
    find = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="first")
    worst, wrong, found, longer = 0.0, 0, 0, 0
    for text, ours in zip(texts, predictions):
        if len(tokenizer(text, truncation=False)["input_ids"]) > most:
            longer += 1  # windows are joined in another way than the pipeline's
            continue
        theirs = find(text)
        found += len(theirs)
        same = [stripped(e, text) for e in theirs] == [(e["label"], e["start"], e["end"]) for e in ours["entities"]]
        wrong += not same or any(text[e["start"]:e["end"]] != e["text"] for e in ours["entities"])
        if same:
            worst = max([worst] + [abs(float(a["score"]) - b["score"]) for a, b in zip(theirs, ours["entities"])])
    print(f"{type(model).__name__}, {type(tokenizer).__name__}: {len(texts) - longer} texts with {found} entities, {wrong} texts differ, "
          f"worst difference of a score {worst:.1e}; {longer} longer texts")
    return wrong, worst


def compare_rows():
    worst, wrong, spread = 0.0, 0, []
    for text, ours in zip(texts, predictions):
        with torch.no_grad():
            theirs = model(**tokenizer(text, return_tensors="pt", truncation=True, max_length=most)).logits.softmax(-1)[0]
        names = model.config.id2label
        wrong += names[int(theirs.argmax())] != ours["label"]
        worst = max([worst] + [abs(float(theirs[i]) - ours["scores"][names[i]]) for i in names])
        spread.append(float(theirs[0]))
    print(f"{type(model).__name__}, {type(tokenizer).__name__}: {len(texts)} texts, {wrong} labels differ, "
          f"worst difference of a probability {worst:.1e} (they reach from {min(spread):.3f} to {max(spread):.3f})")
    return wrong, worst


wrong, worst = compare_words() if asks_words else compare_rows()
sys.exit(1 if wrong or worst > 1e-4 else 0)
