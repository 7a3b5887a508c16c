"""Compares transformers' tokens on exported folders with the Rust library's, for `FOLDER/cases.json`.

TABTUNE_TOKENIZER_FOLDERS=DIR npx vitest run --project node test/export/tokenizer-config.test.ts writes a folder of each
kind; then `python check_tokenizer.py DIR/*` (transformers 5.24 and 4.57; torch is not needed). Exits with 1 where a
token differs."""
import json
import pathlib
import sys

import transformers
from transformers import AutoTokenizer

transformers.logging.set_verbosity_error()
print("transformers", transformers.__version__)
failed = False
for folder in map(pathlib.Path, sys.argv[1:]):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    wrong = {"ids": 0, "types": 0}
    for case in cases:
        # As lists: an empty second text by itself counts as none.
        pair = [case["pair"]] if "pair" in case else None
        given = tokenizer([case["text"]], pair, truncation=case.get("truncation", True), max_length=case["max_length"])
        wrong["ids"] += given["input_ids"] != [case["ids"]]
        if "token_type_ids" in given:
            wrong["types"] += given["token_type_ids"] != [case["type_ids"]]
    failed |= wrong["ids"] + wrong["types"] > 0
    names = [tokenizer.cls_token, tokenizer.sep_token, tokenizer.unk_token, tokenizer.pad_token, tokenizer.mask_token]
    print(f"{folder.name:24s} {type(tokenizer).__name__:26s} of {len(cases)} differ: {wrong['ids']} ids, {wrong['types']} types {names}")
sys.exit(failed)
