"""What the palette says of each layer and activation before one uses it."""

import pytest
from canvas_bench import Bench
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

import nncore as nn
from playground.document.spec import Spec
from playground.ui.canvas.palette import about


@pytest.mark.parametrize("name", nn.Layer.names())
def test_every_layer_kind_says_what_it_computes_and_how_it_is_used(qtbot, name):
    bench = Bench(qtbot, Spec())
    chip = bench.widget(f"palette-{name}")
    assert chip.toolTip().startswith(f"{nn.Layer.named(name).label}: A = ")
    assert "`" not in chip.toolTip()
    assert "double click or Enter" in chip.toolTip()


@pytest.mark.parametrize("name", nn.Activation.names())
def test_every_activation_says_its_formula_and_its_values(qtbot, name):
    bench = Bench(qtbot, Spec())
    chip = bench.widget(f"activation-{name}")
    assert chip.toolTip().startswith(f"{nn.Activation.named(name).label}: f(z)")
    assert "\nGives " in chip.toolTip()
    assert "Drag it onto a layer" in chip.toolTip()


def test_values_of_an_activation_are_told_by_their_bounds():
    assert "Gives any number." in about(nn.Activation.named("identity"))
    assert "Gives numbers from −1 to 1." in about(nn.Activation.named("tanh"))
    assert "Gives numbers from 0 on." in about(nn.Activation.named("relu"))
    assert about(nn.Activation.named("leaky_relu")).endswith("Begins with slope 0.01.")


def test_what_found_no_room_says_the_same_in_the_menu(qtbot):
    bench = Bench(qtbot, Spec(), width=420)
    QTest.keyClick(bench.widget("activation-more"), Qt.Key.Key_Return)
    (menu,) = [menu for menu in bench.panel.findChildren(QMenu) if menu.isVisible()]
    tips = {action.text(): action.toolTip() for action in menu.actions() if action.text()}
    menu.close()
    assert menu.toolTipsVisible()
    assert tips["softsign"] == about(nn.Activation.named("softsign"))
    assert tips["Add Residual"] == about(nn.Layer.named("residual"))
