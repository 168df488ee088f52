"""What somebody may have done to `project.json`: text that is none, and values that cannot stand where they stand."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

WRONG: list[tuple[tuple[Any, ...], list[Any]]] = [
    (("format",), ["", None, 3, "nn-playground network", "nncore network 2", "NN-PLAYGROUND PROJECT"]),
    (("version",), [0, -1, 2, 10**9, 10**30, "1", 1.5, None, True]),
    (("spec",), [None, 1, "x", [], {"seed": -1}, {"layers": [{}]}]),
    (("spec", "more"), [1]),
    (("spec", "version"), [2, 0, "1"]),
    (("spec", "seed"), [-1, 2**31, 1.5, "7", 10**400, None]),
    (("spec", "dtype"), ["float16", "object", "int8", None]),
    (
        ("trained", "features"),
        [[], ["x1", "x1"], ["__import__('os')"], ["x1" * 10_000], ["x3"], [1], ["x1"] * 40, ["x2"]],
    ),
    (("trained", "layers"), [None, [{"kind": "dense"}], [{"kind": "dense", "id": 1}] * 2, [{"kind": "x", "id": 1}]]),
    (("trained", "layers", 0, "units"), [0, 1025, 2**62, 10**30, 2.5, "6", 5]),
    (("trained", "layers", 0, "id"), [0, -1, 2**40, 2**63, 2**64 - 1, 10**30, 4]),
    (("trained", "layers", 0, "activation"), ["", "eval", "tanh(", "elu(alpha=1e999)", "relu\n\u202e" * 300]),
    (
        ("trained", "layers", 0, "weights"),
        [{"silenced": [99]}, {"silenced": [2, 2]}, {"frozen_units": [-1]}, {"x": 1}, 1],
    ),
    (("trained", "layers", 4, "span"), [0, 33, "1"]),
    (("trained", "training", "optimizer"), ["adam", "sgd(", "nadam(beta_1=2)", "unknown", 3]),
    (("trained", "training", "learning_rate"), [0, -1, 11, "0.1", None]),
    (("trained", "training", "batch_size"), [0, 10**9, -(2**70)]),
    (("trained", "training", "stop"), [["unknown"], ["seconds", "seconds"], ["seconds"] * 99]),
    (("trained", "training", "remainder"), ["drop", 1]),
    (("trained", "training", "regularizer"), ["pruning_l1", "l9"]),
    (("trained", "data", "own"), [-1, 2, 10**30, "0", {}, {"label": "x"}, True, None, 1.0]),
    (("trained", "data", "dataset"), ["unknown", "../../etc/passwd", "spiral(arms=99999999)", "circle" * 9999]),
    (("trained", "data", "train_share"), [0, 1, "x", 0.9]),
    (("spec", "cut"), [{"axes": [0, 1]}, {"held": [[0, 1e30]]}]),
    (("trained",), [{}, 1, "x"]),
    (("spec", "data", "own"), [2, 7]),
    (("stand",), [None, {}, [], "x"]),
    (("stand", "more"), [1]),
    (("stand", "steps"), [-1, 2**53 + 1, 2**64, 10**30, 1.5, "1", None]),
    (("stand", "samples"), [-1, 10**6, 1.5]),
    (("stand", "optimizer"), ["sgd", "", None, "NAdam", "nadam\u202e"]),
    (("stand", "regularizer"), ["none", 3]),
    (("stand", "progress"), [-1, 1e300, "x", None]),
    (("stand", "rng"), ["", "{}", "null", "[" * 999, "NaN", '{"bit_generator": "MT19937"}', "x" * 5000, None, 3]),
    (("stand", "train_loss"), ["x", [], True]),
    (("runs",), [None, {}, [{}], [None], "x"]),
    (("runs", 0, "number"), [0, -1, 3, 4, 2**40, "2", 2.5]),
    (("runs", 0, "name"), ["x" * 2000, 3, None]),
    (("runs", 0, "parent"), [0, -5, "x", 2**70]),
    (("runs", 0, "changes"), [[{}], [{"epoch": -1, "label": ""}], [{"epoch": 10**30, "label": ""}], [1], "x"]),
    (("runs", 0, "spec"), [None, {"layers": []}, {"dtype": "float64"}]),
    (("runs", 1, "stand", "rng"), ["{}", "x"]),
    (("lesson",), [[], "x", {"title": "x" * 201}, {"text": "x" * 2001}, {"hidden": ["x"] * 201}, {"more": 1}]),
    (("view",), [[], None, {"x": 1}, {"x": "y" * 70_000}, {"x" * 300: ""}, {str(n): "" for n in range(300)}]),
    (("tables",), [[], None, [{}], [{"label": "x"}]]),
    (("tables", 0, "task"), ["classes", "regression", "x"]),
    (("tables", 0, "input_names"), [[], ["a"], ["a", "b", "c"], "ab"]),
    (("tables", 0, "class_names"), [[], ["a"], ["a", "b", "c"]]),
    (("tables", 0, "domain"), [[6, -6], [0, 1e300], [0], "x", [None, 1]]),
    (("more",), [1]),
]
"""Places in `project.json`, and what cannot stand there."""


def texts(text: bytes) -> dict[str, bytes]:
    """By what was done to it, texts that may not be read; `text` is a good one."""
    return {
        "empty": b"",
        "null": b"null",
        "a list": b"[]",
        "a number": b"1",
        "an empty object": b"{}",
        "cut": text[:-3],
        "more behind": text + b"{}",
        "latin-1": text.replace(b"circle", b"circl\xe9"),
        "NaN": text.replace(b"0.5", b"NaN"),
        "utf-16": text.decode().encode("utf-16"),
        "a mark of order": b"\xef\xbb\xbf" + text,
        "zeros": bytes(5000),
        "Infinity": text.replace(b"0.5", b"Infinity"),
        "1e999": text.replace(b"0.5", b"1e999"),
        "half a surrogate": text.replace(b'"XOR"', b'"\\ud800"'),
        "a control character": text.replace(b"XOR", b"X\x01R"),
        "a comment": b"// hello\n" + text,
        "single quotes": text.replace(b'"', b"'"),
        "deep": b"[" * 1_000_000,
        "deep in a field": text.replace(b'"theme"', b'"x":' + b"[" * 100_000 + b',"theme"'),
        "deep in the spec": text.replace(b'"features": [', b'"features": [' + b"[" * 100_000, 1),
        "deep behind the head": b'{"format": "nn-playground project", "version": 1, "x": ' + b'{"a":' * 500_000,
        "5,000 digits": text.replace(b'"seed": 7', b'"seed": ' + b"7" * 5000),
        "a million empty lists": b'{"format": "nn-playground project", "runs": [' + b"[]," * 1_000_000 + b"[]]}",
        "a million fields": b"{" + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}",
        "2,000 runs": with_other(text, ("runs",), lambda runs: [runs[0] | {"number": n + 1} for n in range(2000)]),
        "a spec of a megabyte": with_other(text, ("spec", "cut"), lambda cut: {"held": [[0, 1.5]] * 100_000}),
    }


def with_other(text: bytes, way: tuple[Any, ...], change: Callable[[Any], object]) -> bytes:
    """The JSON with another value in one place."""
    plain = json.loads(text)
    about = plain
    for key in way[:-1]:
        about = about[key]
    about[way[-1]] = change(copy.deepcopy(about.get(way[-1]) if isinstance(about, dict) else about[way[-1]]))
    return json.dumps(plain).encode()
