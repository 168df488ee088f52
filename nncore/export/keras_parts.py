"""What Keras 3 has of each part, and, where its rule is another one, a small class with the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ACTIVATIONS = ("sigmoid", "tanh", "relu", "selu", "silu", "softplus", "softsign", "mish", "softmax")
"""Those that Keras has by the same name."""

OWN_ACTIVATIONS: dict[str, tuple[str, str]] = {
    "leaky_relu": ("max(z, {slope} z).", "keras.activations.leaky_relu(z, negative_slope={slope})"),
    "elu": ("z for z > 0, {alpha} (exp(z) - 1) below.", "keras.activations.elu(z, alpha={alpha})"),
    "gelu": ("GELU in the form with tanh.", "keras.activations.gelu(z, approximate=True)"),
    "sin": ("sin z.", "keras.ops.sin(z)"),
    "gaussian": ("exp(-z²).", "keras.ops.exp(-z * z)"),
}
"""What they compute, in words and in code."""

LOSSES: dict[str, Callable[[Any], str]] = {
    "mse": lambda loss: "loss_function = keras.losses.MeanSquaredError()",
    "half_squared": lambda loss: (
        '''def loss_function(targets, outputs):
    """Half the squared error, summed over outputs, mean over samples."""
    errors = keras.ops.subtract(outputs, targets)
    return keras.ops.mean(keras.ops.sum(errors * errors, axis=-1)) / 2'''
    ),
    "mae": lambda loss: "loss_function = keras.losses.MeanAbsoluteError()",
    "huber": lambda loss: f"loss_function = keras.losses.Huber(delta={loss.delta})",
    "binary_crossentropy": lambda loss: (
        "loss_function = keras.losses.BinaryCrossentropy(from_logits=True)  # with the sigmoid in it"
    ),
    "categorical_crossentropy": lambda loss: (
        "loss_function = keras.losses.CategoricalCrossentropy(from_logits=True)  # with the softmax in it"
    ),
    "hinge": lambda loss: "loss_function = keras.losses.Hinge()",
}

DROPOUT = '''class Dropout(keras.layers.Layer):
    """Dropout with masks that NumPy draws, (units, samples), so that they are those of the network this is made of."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def call(self, x, training=False):
        if not training:
            return x
        kept = rng.random((x.shape[1], x.shape[0]), np.{dtype}).T >= self.rate
        return x * keras.ops.cast(kept, x.dtype) / (1 - self.rate)'''

BATCH_NORM = '''class BatchNorm(keras.layers.Layer):
    """Batch normalisation whose running variance is the unbiased one, as in the paper; that of Keras is not."""

    def __init__(self, momentum, epsilon):
        super().__init__()
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, shape):
        self.gain = self.add_weight(shape=shape[-1:], initializer="ones")
        self.shift = self.add_weight(shape=shape[-1:], initializer="zeros")
        self.mean = self.add_weight(shape=shape[-1:], initializer="zeros", trainable=False)
        self.variance = self.add_weight(shape=shape[-1:], initializer="ones", trainable=False)

    def call(self, x, training=False):
        mean, variance = self.mean, self.variance
        if training:
            mean = keras.ops.mean(x, axis=0)
            variance = keras.ops.mean((x - mean) ** 2, axis=0)
            m, rho = x.shape[0], self.momentum
            if m > 1:
                self.mean.assign(rho * self.mean + (1 - rho) * mean)
                self.variance.assign(rho * self.variance + (1 - rho) * variance * m / (m - 1))
        return self.gain * (x - mean) / keras.ops.sqrt(variance + self.epsilon) + self.shift'''

SILENCE = '''class Silence(keras.layers.Layer):
    """Lets some units of the layer before it give 0."""

    def __init__(self, silenced):
        super().__init__()
        self.silenced = silenced

    def call(self, x):
        heard = [float(unit not in self.silenced) for unit in range(x.shape[1])]
        return x * keras.ops.convert_to_tensor(heard, x.dtype)'''

PRUNE = '''def prune(signs, learning_rate):
    """Take an L1 penalty off, for the signs before the step; a weight that it carries past zero is dead for good."""
    for kernel, sign, gone, rate in zip(kernels, signs, dead, {rates}):
        weights = keras.ops.convert_to_numpy(kernel)
        shrunk = weights - rate * learning_rate * sign
        gone |= shrunk * weights < 0
        kernel.assign(np.where(gone, 0, shrunk))'''

CLIPPED = '''class Clipped({base}):
    """Scales all gradients down together if their common norm is above {limit}."""

    def apply(self, grads, trainable_variables=None):
        norm = keras.ops.sqrt(sum(keras.ops.sum(g * g) for g in grads))
        factor = keras.ops.minimum({limit} / (norm + 1e-6), 1.0)
        super().apply([g * factor for g in grads], trainable_variables)'''


FROZEN = '''class Frozen({base}):
    """Leaves what is frozen as it is, whatever gradient, decay and momentum would make of it."""

    def apply(self, grads, trainable_variables=None):
        kept = [keras.ops.copy(variable) for variable in trainable_variables]
        super().apply([keras.ops.where(held, 0, g) for held, g in zip(frozen, grads)], trainable_variables)
        for variable, held, values in zip(trainable_variables, frozen, kept):
            variable.assign(keras.ops.where(held, values, variable))'''


class OwnOptimizer:
    """The source of an optimizer class.

    Parameters
    ----------
    name, doc
        Of the class: why Keras' own is not right.
    slots
        What it keeps for every weight.
    update
        The lines of a step, for gradient `g`, weight `w` and `rate`; settings stand in braces.
    """

    def __init__(self, name: str, doc: str, slots: tuple[str, ...], *update: str) -> None:
        self.name, self.doc, self.slots, self.update = name, doc, slots, update

    def source(self, **settings: float) -> str:
        """The class, with these settings."""
        made = 'self.add_variable_from_reference(w, name="{}") for w in variables'
        single = 'self.add_variable((), initializer="ones", name="{}") for _ in variables'
        kept = [f"self.{slot} = [{(single if slot == 'P' else made).format(slot)}]" for slot in self.slots]
        # The learning rate arrives with the step.
        lines = [line.format(**settings) for line in self.update]
        count = ["t = keras.ops.cast(self.iterations + 1, w.dtype)"] if any("**t" in line for line in lines) else []
        mine = ", ".join(f"self.{slot}[i]" for slot in self.slots)
        return "\n".join([
            f"class {self.name}(keras.optimizers.Optimizer):",
            f'    """{self.doc}"""',
            "",
            "    def build(self, variables):",
            "        super().build(variables)",
            *(f"        {line}" for line in kept),
            "",
            "    def update_step(self, g, w, rate):",
            "        i = self._get_variable_index(w)",
            f"        {', '.join(self.slots)} = {mine}",
            *(f"        {line}" for line in (*count, *lines)),
        ])  # fmt: skip


_MOMENTS = (
    "self.assign(m, {beta_1} * m + (1 - {beta_1}) * g)",
    "self.assign(v, {beta_2} * v + (1 - {beta_2}) * g * g)",
    "root = keras.ops.sqrt(v / (1 - {beta_2}**t)) + {epsilon}",
)

OWN_OPTIMIZERS = {
    "momentum": OwnOptimizer(
        "Momentum",
        "Momentum with the learning rate outside the velocity; in Keras it is inside, which differs once it changes.",
        ("v",),
        "self.assign(v, {momentum} * v + g)",
        "self.assign_sub(w, rate * v)",
    ),
    "nesterov": OwnOptimizer(
        "Nesterov",
        "Momentum with the learning rate outside the velocity; in Keras it is inside, which differs once it changes.",
        ("v",),
        "self.assign(v, {momentum} * v + g)",
        "self.assign_sub(w, rate * (g + {momentum} * v))",
    ),
    "adagrad": OwnOptimizer(
        "AdaGrad",
        "AdaGrad with epsilon beside the root; Keras has it under the root.",
        ("v",),
        "self.assign(v, v + g * g)",
        "self.assign_sub(w, rate * g / (keras.ops.sqrt(v) + {epsilon}))",
    ),
    "rmsprop": OwnOptimizer(
        "RMSProp",
        "RMSProp with epsilon beside the root; Keras has it under the root.",
        ("v",),
        "self.assign(v, {rho} * v + (1 - {rho}) * g * g)",
        "self.assign_sub(w, rate * g / (keras.ops.sqrt(v) + {epsilon}))",
    ),
    "adam": OwnOptimizer(
        "Adam",
        "Adam with epsilon beside the root of the corrected moment, as in the paper; Keras corrects afterwards.",
        ("m", "v"),
        *_MOMENTS,
        "self.assign_sub(w, rate * m / (1 - {beta_1}**t) / root)",
    ),
    "adamw": OwnOptimizer(
        "AdamW",
        "AdamW with epsilon beside the root of the corrected moment, as in the paper; Keras corrects afterwards.",
        ("m", "v"),
        *_MOMENTS,
        "self.assign_sub(w, rate * (m / (1 - {beta_1}**t) / root + {weight_decay} * w))",
    ),
    "nadam": OwnOptimizer(
        "NAdam",
        "NAdam as in PyTorch: with epsilon beside the root of the corrected moment, and a momentum that grows.",
        ("m", "v", "P"),
        *_MOMENTS,
        "mu = {beta_1} * (1 - 0.5 * 0.96 ** (t * {momentum_decay}))",
        "following = {beta_1} * (1 - 0.5 * 0.96 ** ((t + 1) * {momentum_decay}))",
        "self.assign(P, P * mu)",
        "step = (1 - mu) * g / (1 - P) + following * m / (1 - P * following)",
        "self.assign_sub(w, rate * step / root)",
    ),
}
