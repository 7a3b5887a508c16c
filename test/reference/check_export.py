"""Does an exported folder load in transformers as it is, and predict the same?

    pip install torch transformers safetensors
    python check_export.py MODEL_DIR TEXTS PREDICTIONS [--task TASK]

TASK is single-label (where not given), multi-label, regression or token-classification. TEXTS has one text a line, or a
pair as {"text": ..., "pair": ...}; PREDICTIONS one JSON object a line, as `tabtune predict` prints them: {"label",
"scores"}, {"labels", "scores"}, {"value"} or {"entities": [{"label", "start", "end", "text", "score"}]}. Compared are the
model's own outputs, a pipeline of transformers, and what the Python in the model card prints where its example is among the
texts. Exits 1 where config.json says something else than the task, a label or an entity differs, or a score is off by more
than 1e-4 (a number by more than 1e-4 of the largest).
"""
import argparse, ast, json, pathlib, re, subprocess, sys
import torch
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer, pipeline

PROBLEMS = {"single-label": "single_label_classification", "multi-label": "multi_label_classification", "regression": "regression"}
SCORES = {"single-label": lambda logits: logits.softmax(-1), "multi-label": torch.sigmoid, "regression": lambda logits: logits}
EXAMPLE = ("A text of your own", "Its second text")

options = argparse.ArgumentParser()
options.add_argument("folder")
options.add_argument("texts")
options.add_argument("predictions")
options.add_argument("--task", default="single-label", choices=[*PROBLEMS, "token-classification"])
given = options.parse_args()
asks_words = given.task == "token-classification"
folder = pathlib.Path(given.folder).resolve()
config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
most = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))["maxLength"]


def text_of(line):
    """A text and its second text or None."""
    row = json.loads(line) if line.startswith('{"text"') else {"text": line}
    return row["text"], row.get("pair")


texts = [text_of(line) for line in pathlib.Path(given.texts).read_text(encoding="utf-8").split("\n") if line]
predictions = [json.loads(line) for line in pathlib.Path(given.predictions).read_text(encoding="utf-8").split("\n") if line]
if len(texts) != len(predictions):
    sys.exit(f"{len(predictions)} predictions for {len(texts)} texts")
if config.get("problem_type") != PROBLEMS.get(given.task):
    sys.exit(f"problem_type is {config.get('problem_type')}")
names = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
if given.task == "multi-label":
    thresholds = config["tabtune"]["thresholds"]
    if list(thresholds) != names or not all(isinstance(value, (int, float)) for value in thresholds.values()):
        sys.exit(f"the thresholds are {thresholds}")

is_encoder = not config["architectures"][0].endswith("Classification")
if not is_encoder:
    auto = AutoModelForTokenClassification if asks_words else AutoModelForSequenceClassification
    model, info = auto.from_pretrained(folder, output_loading_info=True)
    model.float().eval()
    if info["missing_keys"] or info["unexpected_keys"]:
        sys.exit(f"missing {info['missing_keys']}, not used {info['unexpected_keys']}")
tokenizer = AutoTokenizer.from_pretrained(folder, **(dict(model_max_length=most) if asks_words else {}))


def stripped(entity, text):
    """The pipeline's entity without the spaces at its ends, which tokens of some vocabularies begin with or are alone."""
    start, end = entity["start"], entity["end"]
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return dict(entity, start=start, end=end)


def has_parts(text):
    """Whether tokens stand for parts of a character, as bytes do, or for none, as a space alone does in RoBERTa's vocabulary:
    the pipeline takes each for a word, so that an emoji is as many entities as it has tokens, some are empty, and a score is
    the mean over words without a character too. To Tabtune a character is of one word, and a word has characters."""
    inputs = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
    spans = [span for span, special in zip(inputs["offset_mapping"], inputs["special_tokens_mask"]) if not special]
    return any(end <= start for start, end in spans) or any(a[1] > b[0] for a, b in zip(spans, spans[1:]))


def difference_of_entities(theirs, ours, text):
    """The largest difference of a score; None where the entities are others."""
    # A token that is a space alone, as ModernBERT's vocabulary has it, is a word to the pipeline and, where it is tagged, an
    # entity without a character; Tabtune leaves such out.
    theirs = [entity for entity in (stripped(e, text) for e in theirs) if entity["start"] < entity["end"]]
    if [(e["entity_group"], e["start"], e["end"]) for e in theirs] != [(e["label"], e["start"], e["end"]) for e in ours["entities"]]:
        return None
    if any(text[e["start"]:e["end"]] != e["text"] for e in ours["entities"]):
        return None
    return max([0.0] + [abs(float(a["score"]) - b["score"]) for a, b in zip(theirs, ours["entities"])])


def scores_of(ours):
    return {names[0]: ours["value"]} if given.task == "regression" else ours["scores"]


def labels_differ(theirs, ours):
    if given.task == "regression":
        return False
    if given.task == "multi-label":
        return [name for name in names if scores_of(ours)[name] >= thresholds[name]] != ours["labels"]
    return max(theirs, key=theirs.get) != ours["label"]


def compare_words():
    find = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="first")
    worst, wrong, found, longer, parts = 0.0, 0, 0, 0, 0
    for (text, _), ours in zip(texts, predictions):
        if len(tokenizer(text, truncation=False)["input_ids"]) > most:
            longer += 1  # windows are joined in another way than the pipeline's
            continue
        if has_parts(text):
            parts += 1
            continue
        theirs = find(text)
        found += len(theirs)
        off = difference_of_entities(theirs, ours, text)
        wrong += off is None
        worst = max(worst, off or 0.0)
    print(f"{type(model).__name__}, {type(tokenizer).__name__}: {len(texts) - longer - parts} texts with {found} entities, {wrong} texts differ, "
          f"worst difference of a score {worst:.1e}; {longer} longer texts, {parts} with tokens of parts of characters or of none")
    return wrong if found else "nothing was compared", worst


def compare_rows():
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None)
    worst, wrong, spread = 0.0, 0, []
    scale = max([1.0] + [abs(value) for ours in predictions for value in scores_of(ours).values()])
    for (text, second), ours in zip(texts, predictions):
        inputs = tokenizer(text, second, return_tensors="pt", truncation=True, max_length=most)
        with torch.no_grad():
            own = dict(zip(names, SCORES[given.task](model(**inputs).logits)[0].tolist()))
        asked = text if second is None else {"text": text, "text_pair": second}
        piped = {entry["label"]: entry["score"] for entry in flat(classify(asked, truncation=True, max_length=most))}
        for theirs in (own, piped):
            wrong += labels_differ(theirs, ours)
            worst = max([worst] + [abs(theirs[name] - scores_of(ours)[name]) / scale for name in names])
        spread.append(own[names[0]])
    print(f"{type(model).__name__}, {type(tokenizer).__name__}: {len(texts)} texts, {wrong} labels differ, "
          f"worst difference of a score {worst:.1e} (they reach from {min(spread):.3f} to {max(spread):.3f})")
    return wrong, worst


def flat(value):
    return [one for part in value for one in flat(part)] if isinstance(value, list) else [value]


def compare_card():
    """The card's Python, as it stands, beside a folder that is called as in the card."""
    places = [i for i, (text, second) in enumerate(texts) if text == EXAMPLE[0] and second in (None, EXAMPLE[1])]
    if not places:
        return 0, 0.0
    ours = predictions[places[0]]
    code = re.search(r"```python\n(.*?)\n```", (folder / "README.md").read_text(encoding="utf-8"), re.S).group(1)
    if folder.name != "model":
        sys.exit("The card's lines load ./model: call the folder so.")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder.parent, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the card's lines fail:\n{code}\n{done.stderr[-2000:]}")
    printed = flat(ast.literal_eval(re.sub(r"np\.float32\(([^)]*)\)", r"\1", done.stdout.strip().splitlines()[-1])))
    if asks_words:
        off = 0.0 if has_parts(EXAMPLE[0]) else difference_of_entities(printed, ours, EXAMPLE[0])
    else:
        theirs = {entry["label"]: entry["score"] for entry in printed} if "score" in printed[0] and "label" in printed[0] else printed[0]
        scale = max([1.0] + [abs(value) for value in theirs.values()])
        off = max(abs(theirs[name] - scores_of(ours)[name]) / scale for name in names)
    print(f"the card's lines: {'other entities' if off is None else f'worst difference {off:.1e}'}")
    return off is None, off or 0.0


compared = [compare_card()] + ([] if is_encoder else [compare_words() if asks_words else compare_rows()])
sys.exit(1 if any(wrong or worst > 1e-4 for wrong, worst in compared) else 0)
