"""The training of a network as a PyTorch script."""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.export import pytorch_parts as parts
from nncore.export.about import NOTHING, About
from nncore.export.run import NAMES, PeerScript, Run, factor_function, needs_math
from nncore.export.text import FEW, assemble, numbers, packed
from nncore.layers import Layer
from nncore.trainer import Trainer


def to_pytorch(trainer: Trainer, about: About = NOTHING) -> str:
    """A script that trains the same network in PyTorch.

    It begins with the same parameters and goes through the same batches with the same dropout, both drawn by NumPy, for
    as many steps as the trainer has taken. The losses agree to rounding, which sensitive trainings amplify: with
    normalisation over few units, in float32, and over many steps they drift apart. Weights that were changed by hand
    between steps are not repeated: the script knows those that training began with, and the steps.

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
        If it is no trainer, if its network has no parameters, or numbers that are not finite, or if the training began
        with weights that were dead or gradients that waited, or has a part that is none of nncore's own.
    """
    run = Run(trainer, "to_pytorch", about)
    run.check_fresh(takes_moments=True)
    return _Script(run).text()


class _Script(PeerScript):
    """Writes the script, part by part in the order of its lines."""

    def text(self) -> str:
        """The whole script."""
        run = self.run
        batches = run.batches(self.tail)
        numbers_at_end = self._numbers()
        head = [f"torch.set_default_dtype(torch.{self.network.dtype})"]
        if run.draws:
            head.append(run.generator())
        imports = [*self.tail.imports, "import numpy as np", "import torch", "from torch import nn"]
        if self.schedules and needs_math(self.trainer.schedule):
            imports.insert(0, "import math")
        body = [*self._classes(), self._model(), *self._rule(), *batches, self._train(), self._loss(), self._predict()]
        body += run.about.functions()
        return assemble(
            run.doc("Training of a network in PyTorch.", run.usage(NAMES)),
            imports,
            "\n".join(head),
            *body,
            self.tail.text,
            numbers_at_end,
            run.main(),
        )

    # -- the model --------------------------------------------------------------------------------

    def _classes(self) -> list[str]:
        """The modules that PyTorch does not have, as far as the network needs them."""
        layers, classes = self.network.layers, []
        if self.run.drops:
            classes.append(parts.DROPOUT.format(dtype=self.network.dtype))
        if self.silences:
            classes.append(parts.SILENCE)
        if self._has_lone_samples and any(layer.name == "batch_norm" for layer in layers):
            classes.append(parts.BATCH_NORM)
        used = {layer.activation.name for layer in layers}
        classes += [source for name, source in parts.OWN_ACTIVATIONS.items() if name in used]
        if any(layer.span for layer in layers):
            classes.append(self._network_class())
        return classes

    @property
    def _has_lone_samples(self) -> bool:
        return self.run.batch_size == 1 or self.run.rest == 1

    def _model(self) -> str:
        if any(layer.span for layer in self.network.layers):
            return "model = Network()"
        modules = [module for layer in self.network.layers for module in self._modules(layer)]
        return "\n".join(["model = nn.Sequential(", *(f"    {module}," for module in modules), ")"])

    def _modules(self, layer: Any) -> list[str]:
        """The modules that a layer is, in order."""
        if layer.name == "dense":
            is_fused = layer is self.network.layers[-1] and self.trainer.loss.fused
            activation = [] if is_fused else parts.activation(layer.activation)
            silence = [f"Silence({list(layer.silenced)})"] if layer.silenced else []
            return [f"nn.Linear({layer.inputs}, {layer.units})", *activation, *silence]
        if layer.name == "dropout":
            return [f"Dropout({layer.rate})"] if layer.rate else []
        if layer.name == "batch_norm":
            kind = "BatchNorm" if self._has_lone_samples else "nn.BatchNorm1d"
            # 1 - 0.9 is 0.09999999999999998: what is meant is 0.1.
            return [f"{kind}({layer.units}, eps={layer.epsilon}, momentum={round(1 - layer.momentum, 15)})"]
        if layer.name == "layer_norm":
            return [f"nn.LayerNorm({layer.units}, eps={layer.epsilon})"]
        raise ValueError(f"to_pytorch: a layer of the kind '{layer.name}' cannot be written")

    def _network_class(self) -> str:
        """A module for a network with residual connections."""
        made, steps = [], []
        for index, layer in enumerate(self.network.layers):
            x, result = f"x{index}", f"x{index + 1}"
            if layer.span:
                steps.append(f"{result} = {x} + {self._reached(layer, index)}")
                continue
            modules = self._modules(layer)
            if not modules:
                steps.append(f"{result} = {x}")
                continue
            module = modules[0] if len(modules) == 1 else f"nn.Sequential({', '.join(modules)})"
            made.append(f"        self.layer{index + 1} = {module}")
            steps.append(f"{result} = self.layer{index + 1}({x})")
        return "\n".join([
            "class Network(nn.Module):",
            '    """The layers, and the connections around them."""',
            "",
            "    def __init__(self):",
            "        super().__init__()",
            *made,
            "",
            "    def forward(self, x0):",
            *(f"        {step}" for step in steps[:-1]),
            f"        return {steps[-1].split(' = ', 1)[1]}",
        ])  # fmt: skip

    def _reached(self, layer: Layer, index: int) -> str:
        """What a residual connection adds: what went into its block, cut or filled up with zeros."""
        start = index - layer.span
        width = self.network.layers[start].inputs
        if width > layer.inputs:
            return f"x{start}[:, :{layer.inputs}]"
        return f"nn.functional.pad(x{start}, (0, {layer.inputs - width}))" if width < layer.inputs else f"x{start}"

    # -- the training -----------------------------------------------------------------------------

    def _rule(self) -> list[str]:
        """Loss, optimizer, schedule and penalty."""
        trainer, sources = self.trainer, []
        loss = parts.LOSSES.get(trainer.loss.name)
        rule = parts.OPTIMIZERS.get(trainer.optimizer.name)
        if loss is None or rule is None:
            unknown = trainer.loss if loss is None else trainer.optimizer
            raise ValueError(f"to_pytorch: the {unknown.family} '{unknown.name}' cannot be written")
        optimizer = f"optimizer = torch.optim.{rule(**trainer.optimizer.settings())}"
        loss = loss(trainer.loss)
        if loss.startswith("def"):
            sources += [loss, optimizer]
        else:
            sources.append(f"{loss}\n{optimizer}")
        if self.schedules:
            time = "step" if not self.run.clock else f"({self.run.clock} + step)"
            factor = f"lambda step: factor({time} / {self.run.steps_per_epoch})"
            sources += [
                factor_function(trainer.schedule),
                f"scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, {factor})",
            ]
        return [*sources, *self._penalties(), *([parts.FREEZE] if self.freezes else [])]

    def _penalties(self) -> list[str]:
        """What the penalties on weights need."""
        sources = []
        if self.penalises or self.prunes:
            sources.append("\n".join([parts.WEIGHTS, *([parts.DEAD] if self.prunes else [])]))
        if self.penalises:
            sources.append(parts.penalty(self.penalties))
        if self.prunes:
            sources.append(parts.PRUNE.format(rates=self.pruning_rates))
        return sources

    def _train(self) -> str:
        run = self.run
        if run.carries:
            begin, step = self._carrying_step()
            loop = "    for number in range(1, steps + 1):"
        else:
            begin, step = [], self._step()
            loop = run.loop()
        return "\n".join([
            f"def train(steps={run.steps}):",
            '    """Take this many steps. Returns the loss before them, and after each epoch."""',
            "    losses = [loss()]",
            *begin,
            loop,
            "        model.train()",
            *step,
            *run.epoch_end(self._keep_rest() if run.carries else []),
            "    return losses",
        ])  # fmt: skip

    def _step(self) -> list[str]:
        value = "loss_function(model(X_train[rows]), y_train[rows])"
        if self.penalises:
            value = f"({value} + penalty())"
        return ["        optimizer.zero_grad()", f"        {value}.backward()", *self._update()]

    def _carrying_step(self) -> tuple[list[str], list[str]]:
        """Before the loop and in it: gradients are summed up over samples, and divided by their number."""
        penalty = ["        penalty().backward()"] if self.penalises else []
        step = [
            "        rows = next(coming)",
            "        (loss_function(model(X_train[rows]), y_train[rows]) * len(rows)).backward()",
            "        for parameter in model.parameters():",
            "            parameter.grad /= carried + len(rows)",
            *penalty,
            *self._update(),
            "        optimizer.zero_grad()",
            "        carried = 0",
        ]
        return ["    coming, carried = batches(), 0"], step

    def _keep_rest(self) -> list[str]:
        return [
            "# The gradients of the samples left over wait, and join those of the next step.",
            "rows = next(coming)",
            "(loss_function(model(X_train[rows]), y_train[rows]) * len(rows)).backward()",
            "carried = len(rows)",
        ]

    def _update(self) -> list[str]:
        """From the gradients on."""
        lines, clipping = ["kept = hold()"] if self.freezes else [], self.trainer.clipping
        if clipping.name == "norm":
            lines.append(f"nn.utils.clip_grad_norm_(model.parameters(), {clipping.settings()['limit']})")
        elif clipping.name == "value":
            lines.append(f"nn.utils.clip_grad_value_(model.parameters(), {clipping.settings()['limit']})")
        if self.prunes:
            lines += ["signs = [weight.detach().sign() for weight in weights]", "optimizer.step()", "prune(signs)"]
        else:
            lines.append("optimizer.step()")
        if self.freezes:
            lines.append("put_back(kept)")
        if self.schedules:
            lines.append("scheduler.step()")
        return [f"        {line}" for line in lines]

    def _loss(self) -> str:
        head, doc, X, y = self.run.loss_words
        return "\n".join([
            head,
            doc,
            "    model.eval()",
            "    with torch.no_grad():",
            f"        return loss_function(model({X}), {y}).item()",
        ])  # fmt: skip

    def _predict(self) -> str:
        outputs = {"sigmoid": "torch.sigmoid(model(X))", "softmax": "torch.softmax(model(X), dim=1)"}
        rows = f"np.asarray(X_new, np.{self.network.dtype})"
        if self.network.standardization:
            rows = f"((np.asarray(X_new) - mean) / scale).astype(np.{self.network.dtype})"
        return "\n".join([
            "def outputs(X):",
            '    """The outputs, as an array, for rows such as those of X_train."""',
            "    model.eval()",
            "    with torch.no_grad():",
            f"        return {outputs.get(self.trainer.loss.fused or '', 'model(X)')}.numpy()",
            "",
            "",
            "def predict(X_new):",
            f'    """The outputs for inputs (n, {self.network.inputs}), as an array."""',
            f"    return outputs(torch.from_numpy({rows}))",
        ])  # fmt: skip

    # -- the numbers ------------------------------------------------------------------------------

    def _numbers(self) -> str:
        """The samples and the first parameters."""
        run, tail = self.run, self.tail
        lines = run.standardization(tail.statement)
        lines.append(run.samples_title)
        for name, (X, y) in run.parts:
            dtype = f"np.{self.network.dtype}"
            lines.append(f"X_{name} = {tail.value(X, f'np.{X.dtype}')}")
            rows = f"((X_{name} - mean) / scale).astype({dtype})" if self.network.standardization else f"X_{name}"
            lines.append(f"X_{name} = torch.from_numpy({rows})")
            labels = run.labels(y) if self.trainer.loss.name == "categorical_crossentropy" else None
            y, dtype = (y, dtype) if labels is None else (labels, "np.int64")
            lines.append(f"y_{name} = torch.from_numpy({tail.value(y, dtype)})")
        return "\n".join([*lines, "", "# The first weights.", *self._first()])

    def _first(self) -> list[str]:
        """The statements that set the first parameters, in the order in which a model has them."""
        found = [part for layer in self.run.untrained.split(self.run.untrained.parameters) for part in layer]
        vector = self._in_order(self.run.untrained.parameters)
        if vector.size > FEW:
            self.tail.unpacks = True
            first = f"torch.from_numpy({packed(vector)}.astype(np.{self.network.dtype}))"
            lines = [f"nn.utils.vector_to_parameters({first}, model.parameters())"]
        else:
            lines = [
                "first = [",
                *(f"    {numbers(part, '    ')}," for part in found),
                "]",
                "with torch.no_grad():",
                "    for parameter, values in zip(model.parameters(), first):",
                "        parameter.copy_(torch.tensor(values))",
            ]
        return [*lines, *self._statistics(), *self._moments(), *self._frozen()]

    def _frozen(self) -> list[str]:
        """The statements that say which parameters keep their values."""
        if self.trainer.frozen is None:
            return []
        return [
            "",
            "# Which parameters keep their values.",
            f"held = torch.from_numpy({self.tail.value(self._in_order(self.trainer.frozen), 'bool')})",
            "held = held.split([parameter.numel() for parameter in model.parameters()])",
            "frozen = [part.reshape(parameter.shape) for part, parameter in zip(held, model.parameters())]",
        ]

    def _moments(self) -> list[str]:
        """The statements that give the optimizer what it had kept from steps before the first."""
        if not self.run.moments:
            return []
        vectors, singles = parts.optimizer_state(self.trainer.optimizer, self.run.moments)
        kept = {key: self.tail.value(self._in_order(vector), "np.float64") for key, vector in vectors.items()}
        return [
            "",
            "# What the optimizer has from steps before these.",
            "kept = {",
            *(f'    "{key}": {value},' for key, value in kept.items()),
            "}",
            "start = 0",
            "for parameter in model.parameters():",
            "    part = slice(start, start + parameter.numel())",
            "    state = {key: torch.tensor(kept[key][part]).reshape(parameter.shape).to(parameter) for key in kept}",
            "    optimizer.state[parameter] = state",
            *(f'    state["{key}"] = torch.tensor({value})' for key, value in singles.items()),
            "    start += parameter.numel()",
        ]

    def _in_order(self, flat: np.ndarray) -> np.ndarray:
        """A vector laid out like the network's parameters, in the order in which a model has them."""
        split = self.run.untrained.split(flat)
        return np.concatenate([part.ravel() for layer in split for part in layer])

    def _statistics(self) -> list[str]:
        """The statements that set running statistics, if training did not begin with 0 and 1."""
        norms = [layer for layer in self.run.untrained.layers if layer.name == "batch_norm"]
        if all((layer.statistics[0] == 0).all() and (layer.statistics[1] == 1).all() for layer in norms):
            return []
        return [
            "running = [",
            *(f"    torch.tensor({numbers(layer.statistics, '    ')})," for layer in norms),
            "]",
            "norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm1d)]",
            "for norm, (running_mean, running_variance) in zip(norms, running):",
            "    norm.running_mean.copy_(running_mean)",
            "    norm.running_var.copy_(running_variance)",
        ]
