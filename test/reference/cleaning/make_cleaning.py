"""What Python makes of nasty texts by the lines that model cards have for the cleaning of texts.

    python make_cleaning.py

Reads cases.json beside it, runs the Python of each variant, as `pythonCleaner` writes it, on all texts, and writes what
comes out back as `cleaned`. Needs no package.
"""
import json, pathlib

path = pathlib.Path(__file__).parent / "cases.json"
cases = json.loads(path.read_text("utf-8"))
for variant in cases["variants"]:
    names = {}
    exec("\n".join(variant["python"]), names)
    variant["cleaned"] = [names["clean"](text) for text in cases["texts"]]
path.write_text(json.dumps(cases, indent=1) + "\n", "utf-8")
