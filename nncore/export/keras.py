"""The training of a network as a script for Keras 3, whatever its backend."""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.activations import Activation
from nncore.export import keras_parts as parts
from nncore.export.about import NOTHING, About
from nncore.export.run import NAMES, PeerScript, Run, factor_function, needs_math
from nncore.export.text import FEW, assemble, numbers
from nncore.layers import Layer
from nncore.regularizers import Regularizer
from nncore.trainer import Trainer


def to_keras(trainer: Trainer, about: About = NOTHING) -> str:
    """A script that trains the same network in Keras 3.

    It begins with the same parameters and goes through the same batches with the same dropout, both drawn by NumPy, for
    as many steps as the trainer has taken; where a rule of Keras is another one, a small class of the script has the
    right one. The losses agree to rounding, which sensitive trainings amplify: with normalisation over few units, in
    float32, and over many steps they drift apart. A network in float64 is one in Keras on TensorFlow; on PyTorch and
    JAX, Keras multiplies matrices in float32 whatever they are. Weights that were changed by hand between steps are not
    repeated: the script knows those that training began with, and the steps.

    Parameters
    ----------
    trainer
        Is not changed.
    about
        What the script says and has beside it.

    Returns
    -------
    str
        Python that prints the loss as it goes down, or is imported for `model`, `train`, `loss` and `predict`.

    Raises
    ------
    ValueError
        If it is no trainer, if its network has no parameters, or numbers that are not finite, if samples left over wait
        for the next epoch, which Keras has no step for, if the training did not begin with a fresh optimizer, or if
        there is a part that is none of nncore's own.
    """
    run = Run(trainer, "to_keras", about)
    run.check_fresh()
    if run.carries:
        raise ValueError(
            "to_keras: Keras cannot let the gradients of samples left over wait for the next epoch; "
            f"choose the remainder 'step', or batches that {run.samples} samples fill"
        )
    return _Script(run).text()


class _Script(PeerScript):
    """Writes the script, part by part in the order of its lines."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.normalises = any(layer.name == "batch_norm" for layer in self.network.layers)

    def text(self) -> str:
        """The whole script."""
        run = self.run
        batches, at_end = run.batches(self.tail), self._numbers()
        head = [f'keras.config.set_floatx("{self.network.dtype}")']
        if self.network.dtype == np.float64:
            head.insert(
                0, "# All in float64: with TensorFlow. With PyTorch or JAX, Keras multiplies matrices in float32."
            )
        if run.draws:
            head.append(run.generator())
        imports = [*self.tail.imports, "import keras", "import numpy as np"]
        if self.schedules and needs_math(self.trainer.schedule):
            imports.insert(0, "import math")
        schedule = [factor_function(self.trainer.schedule)] if self.schedules else []
        body = [*self._classes(), self._model(), *self._rule(), *schedule, *batches, self._train(), self._loss()]
        return assemble(
            run.doc("Training of a network in Keras 3.", *self._backend(), run.usage(NAMES)),
            imports,
            "\n".join(head),
            *body,
            self._predict(),
            *run.about.functions(),
            self.tail.text,
            at_end,
            run.main(),
        )

    def _backend(self) -> list[str]:
        """What the script says of the backend that it needs."""
        choice = "With another one: `KERAS_BACKEND=torch python script.py`"
        if self.network.dtype == np.float64:
            return [
                "It needs Keras 3 and, to compute in float64, TensorFlow: the backend that Keras takes by itself.",
                f"{choice}, where matrices are multiplied in float32.",
            ]
        return [
            "It needs Keras 3 and a backend: TensorFlow, which Keras takes by itself, PyTorch or JAX.",
            f"{choice} (or jax).",
        ]

    # -- the model --------------------------------------------------------------------------------

    def _classes(self) -> list[str]:
        """Activations and layers that Keras does not have, as far as the network needs them."""
        sources: dict[str, str] = {}
        for layer in self.network.layers:
            if layer.name == "dense" and not self._is_logits(layer):
                f = layer.activation
                if f.name in parts.OWN_ACTIVATIONS:
                    words, code = (text.format(**f.settings()) for text in parts.OWN_ACTIVATIONS[f.name])
                    sources[_activation(f)] = f'def {_activation(f)}(z):\n    """{words}"""\n    return {code}'
        if self.run.drops:
            sources["Dropout"] = parts.DROPOUT.format(dtype=self.network.dtype)
        if self.normalises:
            sources["BatchNorm"] = parts.BATCH_NORM
        if self.silences:
            sources["Silence"] = parts.SILENCE
        return list(sources.values())

    def _is_logits(self, layer: Any) -> bool:
        """Whether the loss reads the logits of a layer, and so takes the place of its activation."""
        return layer is self.network.layers[-1] and self.trainer.loss.fused is not None

    def _layers(self, layer: Any) -> list[str]:
        """The expressions that make a layer; none for one that does nothing."""
        if layer.name == "dense":
            name = "identity" if self._is_logits(layer) else layer.activation.name
            settings = [] if name == "identity" else [f"activation={self._quoted(layer.activation)}"]
            silence = [f"Silence({list(layer.silenced)})"] if layer.silenced else []
            settings = [str(layer.units), *settings, *self._penalty_of(layer)]
            return [f"keras.layers.Dense({', '.join(settings)})", *silence]
        if layer.name == "dropout":
            return [f"Dropout({layer.rate})"] if layer.rate else []
        if layer.name == "batch_norm":
            return [f"BatchNorm(momentum={layer.momentum}, epsilon={layer.epsilon})"]
        if layer.name == "layer_norm":
            return [f"keras.layers.LayerNormalization(epsilon={layer.epsilon})"]
        raise ValueError(f"to_keras: a layer of the kind '{layer.name}' cannot be written")

    @staticmethod
    def _quoted(f: Activation) -> str:
        if f.name in parts.OWN_ACTIVATIONS:
            return _activation(f)
        if f.name not in parts.ACTIVATIONS:
            raise ValueError(f"to_keras: the activation '{f.name}' cannot be written")
        return f'"{f.name}"'

    def _model(self) -> str:
        layers = self.network.layers
        penalty = [f"penalty = {_penalty(self.penalties[0])}"] if self._shares_penalty else []
        if any(layer.span for layer in layers):
            return "\n".join([*penalty, *self._functional()])
        made = [f"    {text}," for layer in layers for text in self._layers(layer)]
        lines = ["model = keras.Sequential([", f"    keras.Input(({self.network.inputs},)),", *made, "])"]
        return "\n".join([*penalty, *lines])

    def _functional(self) -> list[str]:
        """The model by what goes into each layer, for a network with residual connections."""
        layers = self.network.layers
        lines = [f"x0 = keras.Input(({self.network.inputs},))"]
        for index, layer in enumerate(layers):
            x, result = f"x{index}", f"x{index + 1}"
            if layer.span:
                lines.append(f"{result} = keras.layers.add([{x}, {self._reached(index)}])")
            else:
                for text in self._layers(layer):
                    x = f"{text}({x})"
                lines.append(f"{result} = {x}")
        return [*lines, f"model = keras.Model(x0, x{len(layers)})"]

    def _reached(self, index: int) -> str:
        """What a residual connection adds: what went into its block, cut or filled up with zeros."""
        layer = self.network.layers[index]
        start = index - layer.span
        width = self.network.layers[start].inputs
        if width > layer.inputs:
            return f"x{start}[:, :{layer.inputs}]"
        return (
            f"keras.ops.pad(x{start}, [[0, 0], [0, {layer.inputs - width}]])" if width < layer.inputs else f"x{start}"
        )

    @property
    def _shares_penalty(self) -> bool:
        """Whether one penalty is for all dense layers."""
        return self.penalises and len(set(self.penalties)) == 1

    def _penalty_of(self, layer: Layer) -> list[str]:
        """The setting of a dense layer that is the penalty on its weights, if that is part of the loss."""
        if self._shares_penalty:
            return ["kernel_regularizer=penalty"]
        dense = [other for other in self.network.layers if other.name == "dense"]
        rule = self.penalties[dense.index(layer)]
        return [] if rule.name in ("none", "pruning_l1") else [f"kernel_regularizer={_penalty(rule)}"]

    # -- the training -----------------------------------------------------------------------------

    def _rule(self) -> list[str]:
        """Loss and optimizer."""
        loss = parts.LOSSES.get(self.trainer.loss.name)
        if loss is None:
            raise ValueError(f"to_keras: the loss '{self.trainer.loss.name}' cannot be written")
        *classes, optimizer = self._optimizer()
        # What NumPy draws, and the size of a batch, are looked at in every step.
        eager = ", run_eagerly=True" if self.run.drops or self.normalises else ""
        lines = [f"optimizer = {optimizer}", f"model.compile(optimizer, loss_function{eager})"]
        source = loss(self.trainer.loss)
        prune = self._pruning() if self.prunes else []
        if source.startswith("def"):
            return [*classes, source, "\n".join(lines), *prune]
        return [*classes, "\n".join([source, *lines]), *prune]

    def _pruning(self) -> list[str]:
        kernels = "kernels = [layer.kernel for layer in model.layers if isinstance(layer, keras.layers.Dense)]"
        dead = "dead = [np.zeros(kernel.shape, bool) for kernel in kernels]"
        return [f"{kernels}\n{dead}", parts.PRUNE.format(rates=self.pruning_rates)]

    def _optimizer(self) -> list[str]:
        """The classes of the optimizer, if Keras' own will not do, and the expression that makes it."""
        rule, clipping = self.trainer.optimizer, self.trainer.clipping
        rate, settings = rule.learning_rate, rule.settings()
        sources, clip = [], ""
        has_own = {"sgd": True, "adadelta": True, "momentum": not self.schedules, "nesterov": not self.schedules}
        if has_own.get(rule.name):
            base, more = _KERAS_OPTIMIZERS[rule.name]
        elif rule.name in parts.OWN_OPTIMIZERS:
            own = parts.OWN_OPTIMIZERS[rule.name]
            sources.append(own.source(**settings))
            base, more = own.name, ""
        else:
            raise ValueError(f"to_keras: the optimizer '{rule.name}' cannot be written")
        if clipping.name == "value":
            clip = f", clipvalue={clipping.settings()['limit']}"
        elif clipping.name == "norm":
            sources.append(parts.CLIPPED.format(base=base, limit=clipping.settings()["limit"]))
            base = "Clipped"
        if self.freezes:
            sources.append(parts.FROZEN.format(base=base))
            base = "Frozen"
        return [*sources, f"{base}(learning_rate={rate}{more.format(**settings)}{clip})"]

    def _train(self) -> str:
        run, rate = self.run, str(self.trainer.optimizer.learning_rate)
        step = []
        if self.schedules:
            time = f"({run.clock - 1} + number)" if run.clock > 1 else "number" if run.clock else "(number - 1)"
            step += [f"rate = {rate} * factor({time} / {run.steps_per_epoch})", "optimizer.learning_rate = rate"]
            rate = "rate"
        if self.prunes:
            step.append("signs = [np.sign(keras.ops.convert_to_numpy(kernel)) for kernel in kernels]")
            if self.freezes:
                kernels = "(held for held in frozen if held.ndim == 2)"
                step.append(f"signs = [np.where(held, 0, sign) for held, sign in zip({kernels}, signs)]")
        step.append("model.train_on_batch(X_train[rows], y_train[rows])")
        if self.prunes:
            step.append(f"prune(signs, {rate})")
        return "\n".join([
            f"def train(steps={run.steps}):",
            '    """Take this many steps. Returns the loss before them, and after each epoch."""',
            "    losses = [loss()]",
            run.loop(counts=self.schedules),
            *(f"        {line}" for line in step),
            *run.epoch_end([]),
            "    return losses",
        ])  # fmt: skip

    def _loss(self) -> str:
        head, doc, X, y = self.run.loss_words
        return "\n".join([
            head,
            doc,
            f"    value = loss_function({y}, model({X}, training=False))",
            "    return float(keras.ops.convert_to_numpy(value))",
        ])  # fmt: skip

    def _predict(self) -> str:
        rows = f"np.asarray(X_new, np.{self.network.dtype})"
        if self.network.standardization:
            rows = f"((np.asarray(X_new) - mean) / scale).astype(np.{self.network.dtype})"
        fused = self.trainer.loss.fused
        return "\n".join([
            "def outputs(X):",
            '    """The outputs, as an array, for rows such as those of X_train."""',
            "    result = model(X, training=False)",
            f"    return keras.ops.convert_to_numpy({f'keras.activations.{fused}(result)' if fused else 'result'})",
            "",
            "",
            "def predict(X_new):",
            f'    """The outputs for inputs (n, {self.network.inputs}), as an array."""',
            f"    return outputs({rows})",
        ])  # fmt: skip

    # -- the numbers ------------------------------------------------------------------------------

    def _numbers(self) -> str:
        """The samples and the first weights."""
        run, tail, dtype = self.run, self.tail, f"np.{self.network.dtype}"
        lines = [*run.standardization(tail.statement), run.samples_title]
        for name, (X, y) in run.parts:
            lines.append(f"X_{name} = {tail.value(X, f'np.{X.dtype}')}")
            if self.network.standardization:
                lines.append(f"X_{name} = ((X_{name} - mean) / scale).astype({dtype})")
            labels = run.labels(y) if self.trainer.loss.name == "categorical_crossentropy" else None
            if labels is not None:
                lines.append(f"labels = {tail.value(labels, 'int')}")
                lines.append(f"y_{name} = keras.utils.to_categorical(labels, {self.network.outputs})")
            else:
                lines.append(f"y_{name} = {tail.value(y, dtype)}")
        return "\n".join(
            [*lines, "", "# The first weights: of a dense layer (inputs, units), and its biases.", *self._first()]
        )

    def _first(self) -> list[str]:
        """The statements that set the first weights, layer by layer."""
        lines = []
        for layer in self.run.untrained.layers:
            found = list(layer.split(self.run.untrained.parameters))
            if layer.name == "dense":
                found[0] = found[0].T
            lines += [f"    [{', '.join(self._value(part) for part in [*found, *layer.statistics])}],"] if found else []
        return [
            "first = [",
            *lines,
            "]",
            "for layer, values in zip([layer for layer in model.layers if layer.weights], first):",
            "    layer.set_weights(values)",
            *self._frozen(),
        ]

    def _frozen(self) -> list[str]:
        """The statements that say which weights keep their values."""
        if self.trainer.frozen is None:
            return []
        lines = []
        for layer, found in zip(self.network.layers, self.network.split(self.trainer.frozen), strict=True):
            parts = [part.T if part.ndim > 1 else part for part in found] if layer.name == "dense" else found
            lines += [f"    {self.tail.value(np.ascontiguousarray(part), 'bool')}," for part in parts]
        return ["", "# Which weights keep their values.", "frozen = [", *lines, "]"]

    def _value(self, part: np.ndarray) -> str:
        if part.size <= FEW:
            return f"np.array({numbers(part, '    ')})"
        return self.tail.value(part, f"np.{self.network.dtype}")


def _penalty(rule: Regularizer) -> str:
    """The expression for a penalty on weights; ValueError if it is none of nncore's own."""
    rate, share = rule.rate, rule.settings().get("share", 0)
    made = {
        "l1": f"L1({rate})",
        "l2": f"L2({0.5 * rate})",
        "elastic_net": f"L1L2(l1={rate * share}, l2={0.5 * rate * (1 - share)})",
    }
    if rule.name not in made:
        raise ValueError(f"to_keras: the regularizer '{rule.name}' cannot be written")
    return f"keras.regularizers.{made[rule.name]}"


def _activation(f: Activation) -> str:
    """The name of the function for an activation, with its settings if they are not the usual ones."""
    config = f.config()
    settings = [] if isinstance(config, str) else [str(value) for key, value in config.items() if key != "name"]
    return "_".join([f.name, *settings]).replace(".", "_").replace("-", "_").replace("+", "")


_KERAS_OPTIMIZERS = {
    "sgd": ("keras.optimizers.SGD", ""),
    "momentum": ("keras.optimizers.SGD", ", momentum={momentum}"),
    "nesterov": ("keras.optimizers.SGD", ", momentum={momentum}, nesterov=True"),
    "adadelta": ("keras.optimizers.Adadelta", ", rho={rho}, epsilon={epsilon}"),
}
