"""Does an exported folder load in transformers as it is, and predict the same?

    pip install torch transformers
    python check_export.py MODEL_DIR TEXTS PREDICTIONS

TEXTS has one text a line; PREDICTIONS one JSON object a line, {"label": ..., "scores": {LABEL: probability}}, as
`tabtune predict` prints them. Exits 1 where a label differs or a probability is off by more than 1e-4.
"""
import json, sys
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, texts_file, predictions_file = sys.argv[1:4]
model, info = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
model.float().eval()
tokenizer = AutoTokenizer.from_pretrained(folder)
most = json.load(open(f"{folder}/recipe.json", encoding="utf-8"))["maxLength"]
texts = open(texts_file, encoding="utf-8").read().splitlines()
predictions = [json.loads(line) for line in open(predictions_file, encoding="utf-8").read().splitlines()]
if len(texts) != len(predictions):
    sys.exit(f"{len(predictions)} predictions for {len(texts)} texts")
if info["missing_keys"] or info["unexpected_keys"]:
    sys.exit(f"missing {info['missing_keys']}, not used {info['unexpected_keys']}")

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
sys.exit(1 if wrong or worst > 1e-4 else 0)
