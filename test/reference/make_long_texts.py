"""What the model cards of runs with long texts predict when their Python is run as it stands.

    TABTUNE_LONG_TEXTS=DIR npx vitest run --project node test/run/long-texts.test.ts    # writes a folder for each case
    python make_long_texts.py DIR                                                      # fills in long-texts.json

Needs torch and transformers. The weights are those of tiny/checkpoint.
"""
import contextlib, io, json, pathlib, re, sys

folders = pathlib.Path(sys.argv[1])
file = pathlib.Path(__file__).parent / "long-texts.json"
cases = json.loads(file.read_text())
for case in cases:
    folder = folders / case["name"]
    code = re.search(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.S).group(1)
    code = code.replace('"./model"', repr(str(folder)))
    for name in ("texts", "seconds"):
        if name in case:
            code, replaced = re.subn(rf"^{name} = .*$", lambda _: f"{name} = {case[name]!r}", code, flags=re.M)
            assert replaced == 1, (case["name"], name)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    rows = [eval(line) for line in printed.getvalue().splitlines()]
    case["probabilities"] = [[round(value, 6) for value in row.values()] for row in rows]
    print(case["name"], case["probabilities"])
file.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
