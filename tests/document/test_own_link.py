"""Links and presets of ours: what goes into one comes out of it, and whatever else one is given, one sentence says."""

import base64
import json
import string
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.own_link import (
    FORMAT,
    LONGEST,
    MOST_BYTES,
    SCHEME,
    is_any,
    read_any,
    read_link,
    read_preset,
    write_link,
    write_preset,
)
from playground.document.presets import presets
from playground.document.spec import Assignment, Cut, Data, Layer, Spec, Training, Weights, encode, validated
from playground.document.table import table_of

HEAD = f"{SCHEME}{FORMAT}:"


def link_of(said: object) -> str:
    """A link that says this, whatever it is."""
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    return HEAD + base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


def painted(count: int) -> Spec:
    """Samples of somebody's own, of which no two are alike."""
    rng = np.random.default_rng(3)
    table = table_of(
        rng.uniform(-5, 5, (count, 2)),
        np.sign(rng.uniform(-1, 1, count)),
        label="Painted points",
        task="binary",
        input_names=("x1", "x2"),
        class_names=("−1", "+1"),
    )
    return Spec(data=Data("own", own=table))


layers = st.lists(
    st.one_of(
        st.builds(
            lambda units, activation, frozen: Layer(
                "dense", 1, units=units, activation=activation, weights=Weights(frozen=frozen, silenced=(0,))
            ),
            st.integers(1, 12),
            st.sampled_from(nn.Activation.names()),
            st.booleans(),
        ),
        st.builds(lambda rate: Layer("dropout", 1, rate=rate), st.floats(0, 0.95)),
        st.sampled_from([Layer("batch_norm(momentum=0.8)", 1), Layer("residual", 1, span=2)]),
    ),
    max_size=6,
)
trainings = st.builds(
    Training,
    optimizer=st.sampled_from(["sgd", "adam(beta_1=0.8)", "rmsprop"]),
    learning_rate=st.floats(1e-5, 10),
    batch_size=st.integers(1, 20_000),
    regularizer=st.sampled_from(nn.Regularizer.names()),
    shuffle=st.booleans(),
    remainder=st.sampled_from(["step", "carry"]),
    stop=st.sampled_from([(), ("epochs(limit=5)",)]),
)
specs = st.builds(
    lambda data, features, layers, training, seed: Spec(
        data=data,
        features=tuple(features),
        layers=tuple(replace(layer, id=3 + 2 * i) for i, layer in enumerate(layers)),
        training=training,
        seed=seed,
    ),
    st.one_of(
        st.builds(Data, st.sampled_from(["circle", "xor", "spiral(arms=2)"]), noise=st.floats(0, 0.8)),
        st.builds(lambda count: painted(count).data, st.integers(1, 40)),
    ),
    st.lists(st.sampled_from(["x1", "x2", "x1_x2", "sin_x1", "x1^2+3"]), min_size=1, max_size=4, unique=True),
    layers,
    trainings,
    st.integers(0, 2**31 - 1),
)


@given(specs)
def test_an_experiment_is_the_same_after_a_link_and_after_a_preset(spec):
    link = write_link(validated(spec))
    assert set(link) <= set(string.ascii_letters + string.digits + "-_:")
    assert read_link(link) == spec
    assert read_any(write_preset(spec)).spec == spec


def test_a_link_says_only_what_differs():
    assert len(write_link(Spec())) < len(HEAD) + 15
    assert json.loads(write_preset(edits.set_noise(0.25)(Spec(seed=7)))) == {"data": {"noise": 0.25}, "seed": 7}


def test_what_belongs_to_one_sitting_is_not_sent_where_one_looks_is():
    digits = edits.set_dataset("digits")(Spec())
    here = replace(digits, run=7, cut=Cut(axes=(3, 5)), assigned=(Assignment(1, 1, 0, (0,), (0.5,), (0.25,)),))
    there = replace(here, run=0, assigned=())
    assert read_link(write_link(here)) == there
    assert read_any(encode(here).decode()).spec == there


def test_samples_of_ones_own_go_along_as_long_as_a_link_can_be_sent():
    spec = painted(2000)
    assert len(write_link(spec)) < LONGEST
    assert read_link(write_link(spec)) == spec
    with pytest.raises(ValueError, match="too many for a link; save a project instead"):
        write_link(painted(8000))


def test_samples_that_can_be_packed_tightly_make_no_link_that_would_not_be_read():
    zeros = table_of(
        np.zeros((600, 200)), np.zeros(600), label="Zeros", task="regression",
        input_names=[str(i) for i in range(200)], lots=np.zeros(600),
    )  # fmt: skip
    spec = replace(edits.set_dataset("plane")(Spec()), data=Data("own", own=zeros))
    with pytest.raises(ValueError, match="too many for a link; save a project instead"):
        write_link(spec)
    with pytest.raises(ValueError, match="too many for a preset; save a project instead"):
        write_preset(spec)


@pytest.mark.parametrize("name", presets())
def test_every_demo_goes_through_a_link(name):
    spec = presets()[name].spec
    assert read_link(write_link(spec)) == spec
    assert write_preset(read_any(write_link(spec)).spec) == write_preset(spec)


def test_the_file_of_a_demo_is_a_preset():
    demo = presets()["spiral"]
    assert read_preset(msgspec.json.encode(demo).decode()) == demo.spec


def test_a_link_that_a_mail_program_has_folded_is_still_one():
    link = write_link(painted(50))
    folded = "\r\n ".join(link[i : i + 60] for i in range(0, len(link), 60))
    assert read_any(f"  {folded}\n").spec == painted(50)


def test_one_function_reads_links_of_both_kinds_and_presets():
    site = read_any("https://playground.tensorflow.org/#dataset=xor&showTestData=true")
    assert (site.spec.data.dataset, site.show_test, site.what) == ("xor", True, "link")
    ours = read_any(write_link(presets()["xor"].spec))
    assert (ours.spec.data.dataset, ours.show_test, ours.what, ours.notes) == ("xor", None, "link", ())
    assert read_any(write_preset(presets()["xor"].spec)).what == "preset"


def test_a_text_that_nobody_offered_is_one_of_ours_only_if_it_looks_like_it():
    assert is_any(f"\n{HEAD}abc")
    assert is_any(write_preset(Spec(seed=7)))
    assert is_any("#dataset=xor")
    for text in ("", "hello", "{}", "[1]", '{"kind": "dense", "id": 1}', 'see "seed"'):
        assert not is_any(text)


# -- what is wrong with one -------------------------------------------------------------------------

DAMAGED = "damaged, or not all of it is there"
GOOD = write_link(Spec(seed=7))


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (HEAD, DAMAGED),
        (SCHEME, DAMAGED),
        (f"{SCHEME}x:abc", DAMAGED),
        (f"{SCHEME}2:abc", "later version of the playground .format 2; this one reads 1"),
        (f"{SCHEME}0:abc", "no link of format 0"),
        (GOOD[:-1], DAMAGED),
        (GOOD[: len(GOOD) // 2], DAMAGED),
        (f"{GOOD}AAAA", DAMAGED),
        (f"{GOOD}.", DAMAGED),
        (f"{HEAD}{'ä' * 20}", DAMAGED),
        (link_of(b"not JSON"), DAMAGED),
        (link_of([1]), "Expected `object`, got `array`"),
        (link_of({"seed": -1}), "Expected `int` >= 0 - at `$.seed`"),
        (link_of({"seed": 1e300}), "seed"),
        (link_of({"version": 2, "new": []}), "later version of the playground .format 2"),
        (link_of({"version": "2"}), "Expected `int`"),
        (link_of({"colour": "red"}), "unknown field `colour`"),
        (link_of({"layers": [{"kind": "conv", "id": 1}]}), "conv"),
        (link_of({"features": ["(" * 50_000]}), "impossible"),
        (link_of({"data": {"dataset": "own"}}), "needs a table"),
        (link_of({"layers": [{"kind": "dense", "id": i + 1, "units": 1024} for i in range(9)]}), "there is room for"),
        (link_of(b'{"layers":' + b"[" * 200_000), "impossible"),
        (link_of(b"[" * 500_000), "impossible"),
        (link_of(b'{"a":' * 100_000), "impossible"),
        (link_of(b" " * (MOST_BYTES + 1)), "more than 1 MB"),
        (link_of(b"[" * 50_000_000), "more than 1 MB"),
        (HEAD + "A" * 2 * LONGEST, "more than 1 MB"),
    ],
)
def test_what_is_wrong_with_a_link_is_said_in_one_sentence(link, why):
    with pytest.raises(ValueError, match=why.replace("$", r"\$").replace("[", r"\[")) as caught:
        read_any(link)
    assert caught.type is ValueError
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no JSON"),
        ('{"seed": }', "no JSON"),
        ('{"data": {"noise": 7}}', "the preset says something impossible: Expected `float` <= 0.8"),
        ('{"data": {"noise": NaN}}', "no JSON"),
        ('{"spec": {}}', "missing required field"),
        ('{"a":' * 100_000, "impossible"),
        ('{"seed": ' + "1" * MOST_BYTES, "more than 1 MB"),
        ("hello", "looks like"),
        ("", "looks like"),
    ],
)
def test_what_is_wrong_with_a_preset_is_said_in_one_sentence(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        read_any(text)
    assert caught.type is ValueError


def test_a_link_with_any_character_changed_is_read_as_nothing_else(rng):
    link = write_link(painted(5))
    for at in rng.integers(len(HEAD), len(link), 200):
        other = rng.choice([c for c in string.ascii_letters + string.digits + "-_" if c != link[at]])
        with pytest.raises(ValueError, match=DAMAGED):
            read_any(f"{link[:at]}{other}{link[at + 1 :]}")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9) | st.sampled_from(["circle", "own"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(Spec.__struct_fields__), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(Spec.__struct_fields__), json_values))
def test_whatever_a_link_says_there_is_a_spec_or_a_sentence(said):
    try:
        spec = read_any(link_of(said)).spec
    except ValueError:
        return
    assert validated(spec) == spec
