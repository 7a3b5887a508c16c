"""What scikit-learn's classification_report gives by its defaults, where classes stand in neither truth nor prediction.

    pip install scikit-learn
    python make_macro.py macro.json

Its averages are then over the classes that stand in truth or prediction; zero_division is 0. Each case has the number
of classes that a model could predict, true and predicted classes, and the averages.
"""
import json, random, sys
from sklearn.metrics import classification_report, matthews_corrcoef


def case(classes, y_true, y_pred):
    report = classification_report(y_true, y_pred, output_dict=True, zero_division=0)
    keep = {name: report[name] for name in ("macro avg", "weighted avg")}
    return {"classes": classes, "y_true": y_true, "y_pred": y_pred, "accuracy": report["accuracy"],
            "matthews": float(matthews_corrcoef(y_true, y_pred)), **keep}


def drawn(seed, classes, rows, present, right):
    draw = random.Random(seed)
    some = draw.sample(range(classes), present)
    y_true = [draw.choice(some) for _ in range(rows)]
    y_pred = [k if draw.random() < right else draw.randrange(classes) for k in y_true]
    return case(classes, y_true, y_pred)


cases = [
    case(3, [0, 0, 1, 1], [0, 0, 1, 0]),                 # the last class is absent
    case(3, [1, 1, 2, 2], [1, 2, 2, 2]),                 # the first
    case(4, [0, 0, 3, 3], [0, 3, 3, 3]),                 # the ones in the middle
    case(3, [0, 0, 1, 1], [0, 2, 1, 1]),                 # one is predicted only
    case(3, [0, 1, 2, 2], [0, 1, 1, 1]),                 # one is never predicted
    case(5, [2, 2, 2], [2, 2, 2]),                       # one class alone
    case(2, [0], [0]),
    case(2, [0, 0], [1, 1]),
    drawn(1, 6, 40, 4, 0.95),
    drawn(2, 77, 64, 30, 0.7),
    drawn(3, 1000, 100, 60, 0.9),
    drawn(4, 4000, 120, 90, 0.5),
]
with open(sys.argv[1], "w") as out:
    out.write(json.dumps(cases, separators=(",", ":")) + "\n")
