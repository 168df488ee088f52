"""Operations on a network that has learned, such that it goes on giving what it gave (Net2Net).

Each takes a network and inputs X, (n_samples, n_inputs), leaves the network alone, and gives an `Operated`: the new
`network`, and the `change`, that is the largest absolute one of an output over X. `layer` is an index into
`network.layers`. What is said here is of predictions; in training, dropout and normalisation are another matter. All is
computed in float64. Where units are silenced, nothing is known of what they would say: such networks are refused.

What is exact, that is, changes the output by rounding alone; "fitted" is explained below:

insert_layer
    Dense with identity: exact; with fewer units than arrive if the next dense layer's logits need no more, else fitted.
    Dense with relu, leaky_relu, elu, selu: likewise; a bias shifts X onto the linear part, the next layers shift back.
    Dense with softplus, silu, gelu, mish: likewise, so far out that they are linear; a bias up to 40 costs two digits.
    (For all these: where the next layer cannot shift back, as before a LayerNorm, they are fitted.)
    Dense with tanh, sigmoid, sin, softsign, gaussian: never exact. X passes near the inflection point, see
    `linear.RADIUS`. How much that changes the output depends on network and X: look at `change`.
    Measured on random networks of 1 to 3 hidden layers of 2 to 8 units, of eight activations, over 100 normal inputs,
    and relative to the largest absolute output or the range of the outputs, whichever is larger:

                                                    tanh      sigmoid   sin       gaussian  softsign
    200 networks, median                            0.0016    0.0004    0.0008    0.0033    0.016
    200 networks, largest                           0.0077    0.0019    0.0039    0.016     0.069
    the same, inputs times 5, largest               0.028     0.0068    0.014     0.059     0.33
    500, inputs times 5, weights times 2, largest   0.12      0.031     0.06      0.24      0.71

    Elsewhere it can be more.
    Dense with softmax: never exact, fitted; a unit more than arrive helps.
    Dropout: exact. BatchNorm: exact, its statistics are those of X, and gain and shift undo them.
    LayerNorm: never exact, since it forgets mean and scale of each sample; fitted.
    Residual: exact behind a linear dense layer that is all of its block, and gives F(X) − X from then on; else fitted.
widen, split_neuron
    Exact through Dropout and BatchNorm; also through Residual, if the layer is not softmax, and no connection from it
    ends where there are more units than it had. Through LayerNorm exact if the layer is not softmax, and every unit is
    copied equally often. Else fitted.
remove_neuron
    Exact if it is constant over X, dead, a linear combination of the others, or without outgoing weights; else fitted.
    Next to a Residual, whose units go by number, or a LayerNorm: fitted.
remove_layer
    Dense: exact if linear over X, that is, of identity, or of ReLU units that never switch, and nothing but Dropout and
    BatchNorm lies between it and the next dense layer. Dropout: exact. BatchNorm: exact if a dense layer or another
    BatchNorm can take its scale over. LayerNorm, Residual: fitted.
change_activation
    tanh and sigmoid into each other: exact. Any into one that is the same over X: exact. identity, and what is linear
    over X, into relu, leaky_relu, elu, selu, softplus, silu, gelu, mish: exact. Others: fitted. Of the output layer
    nothing but the activation changes.

"Fitted": the weights of the dense layers behind are moved, as little as it takes, to the least squares of their old
logits over X. With no more samples than units that is exact over X, and says little about other inputs: take the
training set.

New copies of a neuron take uneven parts of its outgoing weights, so that they get different gradients and go different
ways; behind a residual sum they begin with none, and learn them.

After Chen, Goodfellow and Shlens, "Net2Net: Accelerating Learning via Knowledge Transfer", 2016.
"""

from nncore.surgery.operations import (
    change_activation,
    insert_layer,
    remove_layer,
    remove_neuron,
    split_neuron,
    widen,
)
from nncore.surgery.plan import Operated

__all__ = [
    "Operated",
    "change_activation",
    "insert_layer",
    "remove_layer",
    "remove_neuron",
    "split_neuron",
    "widen",
]
