"""Rows for every task from labelled messages, for check_families.py: each kind with its task, the table's name and text, and
lines to predict. The labels can be seen in the texts."""
import csv, io, json

EXAMPLE = "A text of your own"


def table(header, rows):
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    return file.getvalue()


def marks(text):
    return [int(any(c.isdigit() for c in text)), int("!" in text), int(len(text) > 80)]


def shared(text, second):
    a, b = set(text.lower().split()), set(second.lower().split())
    return f"{100 + 400 * len(a & b) / len(a | b):.2f}"


def tags(words):
    """Runs of numbers, of capitalized words and of others, most of which are tagged, so that there is something to compare."""
    found, before = [], ""
    for word in words:
        kind = "NUM" if any(c.isdigit() for c in word) else "CAP" if word[0].isupper() else "LOW" if len(word) > 2 else ""
        found.append(f"{'I' if kind == before else 'B'}-{kind}" if kind else "O")
        before = kind
    return found


def kinds(sample):
    """KIND -> (task, file name, text of the file, lines to predict); `sample` has [label, text] without line breaks."""
    texts = [text for _, text in sample]
    pairs = list(zip(texts, [*texts[1:], texts[0]]))
    names = ["digits", "loud", "long"]
    same = [["no", "yes"][sample[i][0] == sample[(i + 1) % len(sample)][0]] for i in range(len(sample))]
    of_both = [json.dumps([f"{n} {which}" for which, text in (("a", a), ("b", b)) for n, m in zip(names, marks(text)) if m]) for a, b in pairs]
    # An emoji is two code units and one code point.
    words = [([["😀", "👩‍🚀"][i % 2]] if i % 3 == 0 else []) + text.split() for i, text in enumerate(texts)]
    one = [EXAMPLE, *texts[:60]]
    two = [json.dumps({"text": EXAMPLE, "pair": "Its second text"}), *(json.dumps({"text": a, "pair": b}) for a, b in pairs[:40])]
    tagged = "".join(json.dumps({"tokens": w, "tags": tags(w)}) + "\n" for w in words)
    heads = ["sentence1", "sentence2"]
    return {
        "single-label": ("single-label", "rows.csv", table(["label", "text"], sample), one),
        "pairs": ("single-label", "rows.csv", table([*heads, "label"], [[*p, s] for p, s in zip(pairs, same)]), two),
        "multi-label": ("multi-label", "rows.csv", table(["text", *names], [[text, *marks(text)] for text in texts]), one),
        "pairs-multi-label": ("multi-label", "rows.csv", table([*heads, "labels"], [[*p, s] for p, s in zip(pairs, of_both)]), two),
        "regression": ("regression", "rows.csv", table(["text", "score"], [[text, f"{1000 + 7.5 * len(text.split())}"] for text in texts]), one),
        "pairs-regression": ("regression", "rows.csv", table([*heads, "score"], [[*p, shared(*p)] for p in pairs]), two),
        "token-classification": ("token-classification", "rows.jsonl", tagged, [EXAMPLE, *(" ".join(w) for w in words[:60])]),
    }
