"""Addresses of the TensorFlow Playground: what each opens, what is said of one that asks too much, what is learned."""

import numpy as np
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.lesson import Lesson
from playground.document.spec import MAX_LAYERS, MAX_UNITS, Data, Layer, Spec, Training
from playground.document.tf_link import LONGEST, MOST_NOTES, Link, is_link, read_link

SITE = "https://playground.tensorflow.org/"
WHOLE = (
    f"{SITE}#activation=relu&regularization=L1&batchSize=12&dataset=spiral&regDataset=reg-plane&learningRate=0.1"
    "&regularizationRate=0.003&noise=35&networkShape=8,6,4&seed=0.12345&showTestData=true&discretize=false"
    "&percTrainData=70&x=true&y=false&xTimesY=true&xSquared=false&ySquared=true&cosX=false&sinX=true&cosY=false"
    "&sinY=false&collectStats=false&problem=classification&initZero=false&hideText=false"
)


def shape(spec: Spec) -> list[int]:
    return [layer.units for layer in spec.layers]


def test_nothing_behind_the_sign_is_what_the_site_begins_with():
    as_there = Training(
        loss="half_squared",
        optimizer="sgd",
        learning_rate=0.03,
        batch_size=10,
        regularizer="none",
        regularization_rate=0,
        initializer="uniform",
        schedule="constant",
        shuffle=False,
        remainder="carry",
    )
    for text in ("#", SITE, f"{SITE}#", "playground.tensorflow.org", f"{SITE}#activation="):
        spec, show_test, discretize, notes, lesson, _ = read_link(text)
        assert spec.data == Data("circle", samples=500, noise=0, train_share=0.5)
        assert spec.features == ("x1", "x2")
        assert spec.layers == (Layer("dense", 1, units=4, activation="tanh"), Layer("dense", 2, units=2))
        assert (spec.output_activation, spec.training) == ("tanh", as_there)
        assert (show_test, discretize, notes, lesson) == (False, False, (), None)


def test_first_weights_are_those_of_the_site_whatever_the_layers():
    uniform = nn.Initializer.of(read_link("#").spec.training.initializer)
    assert uniform == nn.initializers.Uniform(limit=0.5, bias=0.1)


def test_a_whole_link_is_read_key_by_key():
    link = read_link(WHOLE)
    assert link.spec.data == Data("spiral", samples=500, noise=0.35, train_share=0.7)
    assert link.spec.features == ("x1", "x2_squared", "x1_x2", "sin_x1")
    assert [(layer.units, layer.activation) for layer in link.spec.layers] == [(8, "relu"), (6, "relu"), (4, "relu")]
    assert link.spec.training.regularizer == "pruning_l1"
    assert link.spec.training.regularization_rate == 0.003
    assert (link.spec.training.learning_rate, link.spec.training.batch_size) == (0.1, 12)
    assert link.spec.seed == 12345
    assert (link.show_test, link.discretize, link.notes) == (True, False, ())


@pytest.mark.parametrize(
    ("said", "of", "expected"),
    [
        ("activation=sigmoid", lambda s: s.layers[1].activation, "sigmoid"),
        ("activation=linear", lambda s: s.layers[0].activation, "identity"),
        ("regularization=L2&regularizationRate=0.1", lambda s: s.training.regularizer, "l2"),
        ("regularization=none", lambda s: s.training.regularizer, "none"),
        ("dataset=gauss", lambda s: s.data.dataset, "gauss"),
        ("dataset=xor&percTrainData=10", lambda s: (s.data.dataset, s.data.n_train), ("xor", 50)),
        ("problem=regression", lambda s: (s.data.dataset, s.data.samples), ("plane", 1200)),
        ("problem=regression&regDataset=reg-gauss", lambda s: s.data.dataset, "gaussians"),
        ("problem=regression&dataset=spiral", lambda s: s.output_activation, "identity"),
        ("problem=regression&percTrainData=41", lambda s: s.data.n_train, 492),
        ("networkShape=", shape, []),
        ("networkShape=12", shape, [12]),
        ("networkShape=3,3,3,3,3,3,3,30", shape, [3, 3, 3, 3, 3, 3, 3, 30]),
        ("networkShape=4%2C3", shape, [4, 3]),
        ("noise=80", lambda s: s.data.noise, 0.8),
        ("initZero=true", lambda s: s.training.initializer, "zeros"),
        ("x=false&sinY=true", lambda s: s.features, ("x2", "sin_x2")),
        ("sinX=true&x_hide=true&sinX_hide=true", lambda s: s.features, ("x2",)),
        ("batchSize=30&amp;learningRate=10", lambda s: (s.training.batch_size, s.training.learning_rate), (30, 10)),
        ("seed=7&seed=0.00042", lambda s: s.seed, 42),
    ],
)
def test_a_link_sets_what_it_names(said, of, expected):
    for text in (said, f"#{said}", f"{SITE}#{said}", f"http://localhost:8080/#{said}"):
        assert of(read_link(text).spec) == expected
    assert read_link(said).notes == ()


def test_controls_that_a_link_hides_are_hidden_here_too():
    link = read_link(
        "#playButton_hide=true&dataset_hide=true&problem_hide=true&noise_hide=false&x_hide=true&some_hide=true"
    )
    assert link.lesson == Lesson(hidden=("play", "data-sets"))
    assert link.notes == ()


@pytest.mark.parametrize(
    ("said", "of", "instead", "why"),
    [
        ("activation=gelu", lambda s: s.layers[0].activation, "tanh", "relu, tanh, sigmoid, linear"),
        ("dataset=moons", lambda s: s.data.dataset, "circle", "circle, xor, gauss, spiral"),
        ("problem=dreams", lambda s: s.data.dataset, "circle", "classification, regression"),
        ("noise=81", lambda s: s.data.noise, 0.5, "0 to 80"),
        ("noise=-3", lambda s: s.data.noise, 0, "0 to 80"),
        ("noise=much", lambda s: s.data.noise, 0, "a number"),
        ("learningRate=0", lambda s: s.training.learning_rate, 0.03, "above 0"),
        ("learningRate=nan", lambda s: s.training.learning_rate, 0.03, "above 0"),
        ("regularizationRate=-1", lambda s: s.training.regularization_rate, 0, "0 to 10"),
        ("batchSize=2.5", lambda s: s.training.batch_size, 10, "whole number"),
        ("batchSize=300", lambda s: s.training.batch_size, 250, "nothing would be learned"),
        ("percTrainData=95", lambda s: s.data.train_share, 0.5, "10 to 90"),
        ("networkShape=4,x", shape, [4, 2], "whole numbers"),
        ("networkShape=4,0", shape, [4, 2], "whole numbers"),
        ("networkShape=99999,2", shape, [MAX_UNITS, 2], "1024 units"),
        (f"networkShape={'1,' * 99}1", shape, [1] * MAX_LAYERS, "32 layers"),
        ("networkShape=1024,1024,1024,1024", shape, [4, 2], "more weights"),
        ("x=false&y=false", lambda s: s.features, ("x1", "x2"), "all inputs off"),
        ("cosX=true", lambda s: s.features, ("x1", "x2"), "cosX feeds no network"),
        ("layers=3&seed=1", lambda s: s.seed, 1, "no layers"),
        ("tutorial=dp", lambda s: s.data.dataset, "circle", "tutorial"),
    ],
)
def test_what_cannot_be_taken_has_the_default_of_the_site_and_a_sentence(said, of, instead, why):
    link = read_link(f"{SITE}#{said}")
    assert of(link.spec) == instead
    (note,) = link.notes
    assert why in note
    assert note.endswith(".")
    assert len(note) < 150


def test_a_link_can_be_told_in_a_few_words():
    assert read_link("#").summary == "Circle, 4-2, tanh"
    assert read_link(WHOLE).summary == "Spiral, 8-6-4, ReLU, inputs x₁ x₂² x₁x₂ sin x₁"
    assert read_link("networkShape=&problem=regression").summary == "Plane, no hidden layer"
    assert read_link(f"networkShape={'1,' * 19}1&activation=linear").summary == "Circle, 20 layers, linear"
    layers = Layer("dense", 1, units=8), Layer("dropout", 2), Layer("dense", 3, units=6, activation="relu")
    assert Link(Spec(layers=layers)).summary == "Circle, 8-6, tanh and ReLU"


def test_seeds_of_any_text_are_whole_numbers_that_stay_the_same():
    assert read_link("seed=0.98765").spec.seed == 98765
    assert read_link("seed=hello").spec.seed == 907060870
    assert read_link("seed=123456789012").spec.seed < 2**31


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "hello",
        "activation",
        "a=b",
        "https://example.org/#a=b",
        f"https://example.org/{SITE}",
        "x=1\ny=2",
        "seed=1 2",
    ],
)
def test_other_texts_are_no_links(text):
    assert not is_link(text)
    if text != "#":
        with pytest.raises(ValueError, match="looks like https://playground"):
            read_link(text)


def test_a_text_nobody_offered_is_a_link_only_with_its_sign_or_host():
    assert is_link(WHOLE)
    assert is_link(f"  {SITE}\n")
    assert is_link("#x=true")
    assert not is_link("x=3")


def test_a_link_has_a_bounded_length_and_says_a_bounded_number_of_things():
    with pytest.raises(ValueError, match="looks like"):
        read_link("#seed=" + "1" * LONGEST)
    keys = ("activation", "regularization", "dataset", "learningRate", "regularizationRate", "noise", "batchSize")
    notes = read_link("#" + "&".join(f"{key}={'?' * 99}" for key in keys)).notes
    assert len(notes) == MOST_NOTES
    assert notes[-1] == "There are 2 more such settings."


def test_opening_a_link_is_one_edit():
    document = Document(Spec())
    document.apply(edits.open_spec(read_link(WHOLE).spec, "link"))
    assert document.spec.learned == replace(read_link(WHOLE).spec, run=1)
    document.undo()
    assert document.spec == Spec()


# -- what comes of it -------------------------------------------------------------------------------


def lowest_loss(link: str, epochs: int, enough: float) -> float:
    """The training loss where training stops: at `enough`, or after so many epochs."""
    spec = read_link(link).spec
    n, training = spec.data.n_train, spec.training
    points, labels = spec.dataset.generate(spec.data.n_samples, spec.data.noise, spec.seed)
    X, y = nn.features.transform(points, spec.features)[:n], labels[:n]
    layers = [nn.Dense(layer.units, layer.activation) for layer in spec.layers]
    network = nn.Network(
        [*layers, nn.Dense(1, spec.output_activation)],
        inputs=len(spec.features),
        seed=spec.seed + 1000,
        initializer=training.initializer,
    )
    trainer = nn.Trainer(
        network,
        X,
        y,
        loss=training.loss,
        optimizer=nn.SGD(training.learning_rate),
        batch_size=training.batch_size,
        shuffle=training.shuffle,
        remainder=training.remainder,
    )
    while (loss := network.loss(X, y, trainer.loss)) >= enough and trainer.epochs < epochs:
        trainer.advance(trainer.steps_left)
    return loss


@pytest.mark.parametrize(
    ("link", "epochs", "target", "at_least", "at_most"),
    [
        ("#dataset=circle", 500, 0.05, 4, 5),
        ("#dataset=gauss", 100, 0.05, 5, 5),
        ("#dataset=xor", 500, 0.05, 4, 5),
        ("#dataset=xor&networkShape=2", 300, 0.05, 0, 0),
        ("#dataset=xor&networkShape=&x=false&y=false&xTimesY=true", 100, 0.05, 5, 5),
        ("#dataset=spiral", 300, 0.05, 0, 0),
        ("#problem=regression", 100, 0.005, 5, 5),
    ],
)
def test_as_many_seeds_reach_the_loss_as_on_the_site(link, epochs, target, at_least, at_most):
    losses = [lowest_loss(f"{link}&seed={seed}", epochs, target) for seed in range(5)]
    assert at_least <= int(np.sum(np.array(losses) < target)) <= at_most
