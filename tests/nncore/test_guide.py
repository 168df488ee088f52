"""The guide keeps its word: its blocks run, in order, and print what it says; its tables name all there is.

After a change, `python tests/nncore/test_guide.py` writes into the guide what its blocks print now: read what differs.
"""
# ruff: noqa: N806  (matrices have capital letters, as in every textbook)

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import nncore as nn

PACKAGE = Path(nn.__file__).parent
GUIDE = PACKAGE / "README.md"
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:^```text\n(?P<printed>.*?)^```\n)?", re.MULTILINE | re.DOTALL)

FAMILIES = {
    "activations": nn.Activation,
    "layers": nn.Layer,
    "losses": nn.Loss,
    "optimizers": nn.Optimizer,
    "schedules": nn.Schedule,
    "clippings": nn.Clipping,
    "regularizers": nn.Regularizer,
    "initializers": nn.Initializer,
    "stop conditions": nn.StopCondition,
    "data sets": nn.Dataset,
    "features": nn.Feature,
}


def printed_by(blocks: list[str]) -> Iterator[str]:
    """Run blocks of Python one after the other, as one program in an empty folder; yield what each prints."""
    # A dataclass looks its module up by name.
    module = types.ModuleType("guide")
    sys.modules["guide"] = module
    here, known = Path.cwd(), list(nn.Activation.registry)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for number, code in enumerate(blocks, start=1):
                output = io.StringIO()
                with contextlib.redirect_stdout(output):
                    exec(compile(code, f"{GUIDE.name}, block {number}", "exec"), vars(module))
                yield output.getvalue()
        finally:
            os.chdir(here)
            del sys.modules["guide"]
            for name in set(nn.Activation.registry) - set(known):
                del nn.Activation.registry[name]


@pytest.fixture(scope="module")
def text() -> str:
    return GUIDE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def promised(text) -> list[str]:
    """What the guide shows below each of its blocks."""
    return [match["printed"] or "" for match in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def printed(text) -> list[str]:
    """What its blocks print."""
    return list(printed_by([match["code"] for match in BLOCK.finditer(text)]))


def test_every_block_prints_what_stands_below_it(promised, printed):
    assert len(promised) > 15
    for number, (shown, real) in enumerate(zip(promised, printed, strict=True), start=1):
        assert real == shown, f"block {number}"


def test_every_output_in_the_guide_belongs_to_a_block(text, promised):
    assert text.count("```text") == sum(map(bool, promised))


def test_the_step_of_xor_has_every_op_of_the_tape_with_its_formula(text):
    shown = re.findall(r"^ ?\d+\. (?:layer \d: )?(.+?)  +(\S.*)$", text, re.MULTILINE)
    assert shown == [(op.formula, op.call) for op in xor().explain()]


def test_the_numbers_of_the_step_are_those_of_the_textbook(text):
    # Nothing of the library here: the shapes are (units, samples), as in the guide.
    X, Y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    W1, b1, W2, b2 = np.array([[1, -1], [-1, 1]]), -0.5 * np.ones((2, 1)), np.array([[1, 2]]), np.array([[0.5]])
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ A1 + b2
    A2 = 1 / (1 + np.exp(-Z2))
    dZ2 = (A2 - Y) / 4
    dW2, db2 = dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1, db1 = dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True)
    first, second = np.hstack([W1, b1]), np.hstack([W2, b2])
    d_first, d_second = np.hstack([dW1, db1]), np.hstack([dW2, db2])
    after = np.concatenate([(first - 0.5 * d_first).ravel(), (second - 0.5 * d_second).ravel()])
    textbook = {"Z1": Z1, "A1[:2]": A1, "Z2": Z2, "A2[:1]": A2, "dZ": dZ2, "dW2": d_second, "dZ1": dZ1, "dW1": d_first}

    last = last_numbers(text)
    for name, values in textbook.items():
        assert last[name] == pytest.approx(values, abs=5.1e-4), name
    assert last["w"][:, 0] == pytest.approx(after, abs=5.1e-4)
    assert last["dX2"][:2] == pytest.approx(W2.T @ dZ2, abs=5.1e-4)


def xor() -> nn.Trainer:
    """The trainer whose step the guide works through."""
    network = nn.Network([nn.Dense(2, "tanh"), nn.Dense(1, "sigmoid")], inputs=2, dtype="float64")
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    return nn.Trainer(network, X, y, loss="binary_crossentropy", optimizer=nn.SGD(0.5), batch_size=4, shuffle=False)


def last_numbers(text: str) -> dict[str, np.ndarray]:
    """What the guide's table of ops shows right of the arrow, by buffer: after the last op that wrote to it."""
    found: dict[str, list[list[float]]] = {}
    rows: list[list[float]] = []
    for name, after in re.findall(r"^    (\S*) *-?\d.*?→(.*)$", text, re.MULTILINE):
        if name:
            rows = found[name] = []
        rows.append([float(number) for number in after.split()])
    return {name: np.array(numbers) for name, numbers in found.items()}


def test_the_table_of_parts_names_every_part_of_every_family(text):
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (`.*`) \|$", text, re.MULTILINE))
    listed = {family: re.findall(r"`([^`]+)`", names) for family, names in rows.items() if family in FAMILIES}
    assert listed == {family: kind.names() for family, kind in FAMILIES.items()}


def test_the_table_of_files_names_every_module_and_none_that_does_not_exist(text):
    table = text.split("## Where each part lives")[1]
    listed = {
        name for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([^`]+)`", cell)
    }
    modules = {path.name for path in PACKAGE.glob("*.py") if path.name != "__init__.py"}
    packages = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    assert listed == modules | packages


def test_the_code_it_quotes_is_the_code(text):
    sources = {path: path.read_text(encoding="utf-8") for path in (PACKAGE / "activations").glob("*.py")}
    sources[PACKAGE / "tape.py"] = (PACKAGE / "tape.py").read_text(encoding="utf-8")
    quotes = re.findall(r"\n\n((?:    .*\n|\n(?=    ))+)", BLOCK.sub("\n\n", text))
    assert len(quotes) == 2
    for quote in quotes:
        assert any(quote.rstrip() in source for source in sources.values()), quote


def write() -> None:
    """Put what the blocks print now into the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    outputs = printed_by([match["code"] for match in BLOCK.finditer(text)])

    def filled(match: re.Match[str]) -> str:
        output = next(outputs)
        return f"```python\n{match['code']}```\n" + (f"```text\n{output}```\n" if output else "")

    GUIDE.write_text(BLOCK.sub(filled, text), encoding="utf-8")


if __name__ == "__main__":
    write()
