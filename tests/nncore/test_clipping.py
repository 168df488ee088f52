"""Clipping of gradients: what PyTorch does, in place, and nothing that is not a number is hidden."""

import numpy as np
import pytest

from nncore.clipping import ClipNorm, Clipping, ClipValue, NoClipping
from nncore.explain import Names, explained
from nncore.tape import SMALL, Tape, run

DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])


def recorded(clipping: Clipping, g: np.ndarray) -> Tape:
    tape = Tape(1, g.dtype)
    tape.name(g, "g")
    clipping.record(tape, g)
    return tape


def clipped(clipping: Clipping, values: list[float], dtype: str = "float64") -> np.ndarray:
    """These gradients, clipped."""
    g = np.array(values, dtype)
    with np.errstate(all="ignore"):
        run(recorded(clipping, g).program())
    return g


# torch.nn.utils.clip_grad_norm_ of PyTorch 2.13, for gradients (3, −4, 12), whose norm is 13.
TORCH = {
    20.0: [3.0, -4.0, 12.0],
    6.5: [1.4999998846153937, -1.9999998461538582, 5.999999538461575],
    1.0: [0.23076921301775288, -0.3076922840236705, 0.9230768520710115],
}


@pytest.mark.parametrize("limit", TORCH)
def test_by_norm_is_what_pytorch_does(limit):
    assert clipped(ClipNorm(limit), [3, -4, 12]) == pytest.approx(TORCH[limit], rel=1e-14)
    assert clipped(ClipNorm(limit), [3, -4, 12], "float32") == pytest.approx(TORCH[limit], rel=2e-7)


@DTYPES
def test_by_norm_a_gradient_that_is_short_enough_stays_bit_for_bit(dtype):
    values = [0.1, -0.2, 1e-30]
    assert np.array_equal(clipped(ClipNorm(1), values, dtype), np.array(values, dtype))


@DTYPES
def test_by_norm_a_gradient_of_zero_stays_zero(dtype):
    assert clipped(ClipNorm(1), [0, 0], dtype).tolist() == [0, 0]


def test_by_norm_squares_may_be_larger_than_float32_can_say():
    assert clipped(ClipNorm(5), [3e30, -4e30], "float32") == pytest.approx([3, -4])


@DTYPES
def test_by_value_each_gradient_is_cut_by_itself(dtype):
    assert clipped(ClipValue(3.5), [3, -4, 12, 0], dtype).tolist() == [3, -3.5, 3.5, 0]
    assert clipped(ClipValue(), [np.inf, -np.inf], dtype).tolist() == [1, -1]


@DTYPES
def test_what_is_not_a_number_stays_visible(dtype):
    assert np.isnan(clipped(ClipNorm(1), [np.nan, 1], dtype)).all()
    assert np.isnan(clipped(ClipNorm(1), [np.inf, 1], dtype)[0])
    assert np.isnan(clipped(ClipValue(1), [np.nan, 2], dtype)).tolist() == [True, False]


def test_no_clipping_records_nothing():
    assert not recorded(NoClipping(), np.ones(3)).ops


@pytest.mark.parametrize("name", Clipping.names())
@pytest.mark.parametrize("size", [3, SMALL + 1])
@DTYPES
def test_every_operand_has_a_name_and_every_call_can_be_written_down(name, size, dtype):
    tape = recorded(Clipping.named(name)(), np.ones(size, dtype))
    names = Names(tape)
    for op in tape.ops:
        assert explained(op, names).call.isascii()


def test_a_limit_is_positive_and_not_enormous():
    for kind in (ClipNorm, ClipValue):
        for limit in (0, 1e7):
            with pytest.raises(ValueError, match=rf"^{kind.name}: expected 0 < limit <= 1,000,000, got {limit}$"):
                kind(limit)
