"""Input features that a person types: what is said of a formula while it is written, and how it is changed."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import MAX_FEATURES, Data, Spec
from playground.engine.mirror import Mirror
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.formula_card import FormulaCard
from playground.ui.panels.formula_field import PAUSE_MS
from playground.ui.panels.formula_list import FormulaList
from playground.ui.theme import DARK, LIGHT, apply_theme

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """The panel on a document, and hands to use it."""

    def __init__(self, qtbot, spec: Spec, height: int = 300) -> None:
        self.document = Document(spec)
        self.panel = FeaturesPanel(self.document)
        self.messages: list[str] = []
        self.panel.message.connect(self.messages.append)
        qtbot.addWidget(self.panel)
        self.panel.resize(216, height)
        self.panel.show()
        self.panel.activateWindow()
        qtbot.waitUntil(self.panel.isActiveWindow)
        self.line = self._find(QLineEdit, "formula")
        self.card = self._find(FormulaCard, "formula-card")
        self.about = self._find(QLabel, "formula-about")
        self.add = self._find(QPushButton, "formula-add")
        self.picture = self._find(QLabel, "formula-picture")

    def _find(self, kind, name):
        found = self.panel.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def features(self) -> tuple[str, ...]:
        return self.document.spec.features

    @property
    def chips(self):
        return self._find(FormulaList, "formulas").chips

    def write(self, text: str, *keys: Qt.Key) -> None:
        self.line.setFocus()
        QTest.keyClicks(self.line, text)
        for key in keys:
            QTest.keyClick(self.line, key)

    def button(self, name: str) -> QPushButton:
        return self._find(QPushButton, name)

    @property
    def is_wrong(self) -> bool:
        assert not self.about.property("wrong") or self.line.property("wrong")
        return bool(self.line.property("wrong"))


@pytest.fixture
def desk(qtbot, qapp):
    apply_theme(qapp, DARK)
    return Desk(qtbot, Spec())


def test_adding_formulas_does_not_make_the_panel_need_more_room(desk):
    """The window would grow, and with it every panel move, while somebody types."""
    least, wanted = desk.panel.minimumSizeHint(), desk.panel.sizeHint()
    for index in range(5):
        desk.write(f"x1^{index + 3}", Key.Key_Return)
    desk.write("x1+", Key.Key_Return)
    QApplication.processEvents()
    assert desk.panel.minimumSizeHint() == least
    assert desk.panel.sizeHint().height() > wanted.height()


def test_the_formula_added_last_is_scrolled_into_view(qtbot, qapp):
    apply_theme(qapp, DARK)
    desk = Desk(qtbot, Spec(), height=140)
    for index in range(5):
        desk.write(f"x1^{index + 3}", Key.Key_Return)
    grid = desk._find(FormulaList, "formulas")
    last = desk.chips[-1]
    qtbot.waitUntil(lambda: grid.viewport().rect().contains(last.mapTo(grid.viewport(), last.rect().center())))


def test_enter_adds_a_formula_and_leaves_room_for_another(desk):
    desk.write("sin(3 x1) x2", Key.Key_Return)
    assert desk.features == ("x1", "x2", "sin(3*x1)*x2")
    assert desk.document.undo_label == "Change features"
    assert desk.line.text() == ""
    assert desk.line.hasFocus()
    assert [chip.formula for chip in desk.chips] == ["sin(3*x1)*x2"]
    desk.write("x1^3")
    QTest.mouseClick(desk.add, LEFT)
    assert desk.features == ("x1", "x2", "sin(3*x1)*x2", "x1^3")
    desk.document.undo()
    desk.document.undo()
    assert desk.features == ("x1", "x2")
    assert desk.chips == []


def test_what_is_typed_is_shown_as_a_picture_that_stands_upright(desk):
    assert not desk.picture.isVisible()
    desk.write("x2+x1/2")
    assert desk.picture.isVisible()
    assert desk.about.text() == "x₂ + x₁/2"
    image = desk.picture.grab().toImage()
    middle, top, bottom = (image.pixelColor(17, y) for y in (17, 3, 31))
    assert top.blue() > top.red()
    assert bottom.red() > bottom.blue()
    assert abs(middle.red() - middle.blue()) < 40


def test_the_card_stands_below_the_field_inside_the_window_and_goes_with_the_focus(desk):
    desk.write("x1*x2")
    assert desk.card.parent() is desk.panel
    assert desk.panel.rect().contains(desk.card.geometry())
    assert desk.card.y() >= desk.line.mapTo(desk.panel, desk.line.rect().bottomLeft()).y()
    desk.button("feature-x1").setFocus()
    assert not desk.card.isVisible()
    desk.line.setFocus()
    assert desk.card.isVisible()
    QTest.keyClick(desk.line, Key.Key_Escape)
    assert not desk.card.isVisible()


def test_where_the_window_ends_the_card_stands_above_the_field(qtbot):
    desk = Desk(qtbot, Spec(), height=140)
    desk.write("x1*x2")
    assert desk.panel.rect().contains(desk.card.geometry())
    assert desk.card.geometry().bottom() < desk.line.mapTo(desk.panel, desk.line.rect().topLeft()).y()


def test_the_picture_is_what_the_canvas_shows_of_the_input(desk, monkeypatch):
    shown = []
    monkeypatch.setattr(desk.picture, "show_map", shown.append)
    desk.write("x1*x2+x1", Key.Key_Return)
    before_clearing = next(values for values in reversed(shown) if values.any())
    on_canvas = Mirror(desk.document.spec).maps[0][2]
    corners = np.ix_([0, -1], [0, -1])
    np.testing.assert_allclose(before_clearing[corners], on_canvas[corners], rtol=1e-6)


def test_what_is_wrong_is_said_after_a_pause_not_while_one_types(qtbot, desk):
    desk.write("sin(")
    assert desk.about.text() == ""
    assert not desk.is_wrong
    qtbot.waitUntil(lambda: desk.is_wrong, timeout=PAUSE_MS + 2000)
    assert desk.about.text() == "Expected a number, a name or '(' at the end."
    desk.write("x1")
    assert desk.about.text() == ""
    desk.write(")")
    assert desk.about.text() == "sin(x₁)"
    assert not desk.is_wrong


def test_enter_says_at_once_what_is_wrong_and_puts_the_cursor_there(desk):
    desk.write("x1+sinn(x2)", Key.Key_Return)
    assert desk.is_wrong
    assert desk.about.text() == "Unknown name 'sinn' at position 4 (did you mean 'sin'?)."
    assert desk.line.cursorPosition() == 3
    assert desk.features == ("x1", "x2")
    assert desk.messages == []


def test_an_error_has_the_colour_of_danger_in_both_themes(desk):
    desk.write("x1+", Key.Key_Return)
    for theme in (DARK, LIGHT):
        desk.panel.set_theme(theme)
        desk.about.ensurePolished()
        assert desk.about.palette().windowText().color().name().upper() == theme.danger


@pytest.mark.parametrize("formula", ["log(x1)", "1/x1", "sqrt(x2-5.9)"])
def test_a_formula_with_gaps_says_what_counts_there(desk, formula):
    desk.write(formula)
    assert desk.about.text() == "No value at some points: counts as 0 there."
    assert not desk.is_wrong


@pytest.mark.parametrize("formula", ["x1", "x1 + x2 * 2"])
def test_an_input_that_there_is_already_is_refused_in_place(desk, formula):
    desk.document.apply(edits.toggle_feature("x1+x2*2"))
    before = desk.features
    desk.write(formula, Key.Key_Return)
    assert desk.is_wrong
    assert desk.about.text().endswith("is an input already.")
    assert desk.features == before


def test_the_name_of_a_feature_switches_its_button_on(desk):
    desk.write("sin_x1", Key.Key_Return)
    assert desk.button("feature-sin-x1").isChecked()
    assert desk.chips == []


def test_there_are_no_more_features_than_a_network_is_given(qtbot):
    formulas = tuple(f"x1+{number}" for number in range(MAX_FEATURES - 2))
    desk = Desk(qtbot, Spec(features=("x1", "x2", *formulas)))
    assert len(desk.chips) == MAX_FEATURES - 2
    desk.write("x2+7", Key.Key_Return)
    assert desk.about.text() == f"A network is given at most {MAX_FEATURES} features: remove one first."
    assert len(desk.features) == MAX_FEATURES


# -- those there are --------------------------------------------------------------------------------


@pytest.fixture
def two(qtbot, qapp):
    apply_theme(qapp, DARK)
    return Desk(qtbot, Spec(features=("x1", "x1*x2+1", "gauss(x2)")))


def test_a_click_on_a_formula_changes_it_in_the_field(two):
    QTest.mouseClick(two.button("formula-0"), LEFT)
    assert two.line.text() == "x1*x2+1"
    assert two.line.hasFocus()
    assert two.add.text() == "Change"
    assert not two.button("formula-0").isChecked()
    two.write("0", Key.Key_Return)
    assert two.features == ("x1", "x1*x2+10", "gauss(x2)")
    assert two.document.undo_label == "Change formula"
    assert two.add.text() == "Add"
    assert two.button("formula-0").isChecked()


def test_a_formula_taken_over_as_it_was_changes_nothing(two):
    QTest.mouseClick(two.button("formula-0"), LEFT)
    two.write("", Key.Key_Return)
    assert not two.is_wrong
    assert two.document.undo_label is None


def test_escape_leaves_the_formula_as_it_was(two):
    QTest.mouseClick(two.button("formula-1"), LEFT)
    two.write("+1", Key.Key_Escape)
    assert two.line.text() == ""
    assert two.add.text() == "Add"
    assert two.button("formula-1").isChecked()
    assert two.document.undo_label is None


def test_a_formula_that_is_gone_is_no_longer_changed(two):
    QTest.mouseClick(two.button("formula-1"), LEFT)
    two.document.apply(edits.toggle_feature("gauss(x2)"))
    assert two.line.text() == ""
    assert two.add.text() == "Add"


def test_a_cross_removes_a_formula_and_so_does_the_delete_key(two):
    cross = two.panel.findChild(QToolButton, "formula-0-remove")
    QTest.mouseClick(cross, LEFT)
    assert two.features == ("x1", "gauss(x2)")
    QTest.keyClick(two.button("formula-0"), Key.Key_Delete)
    assert two.features == ("x1",)


def test_with_the_keyboard_one_stays_in_the_list(two):
    two.button("formula-0").setFocus()
    QTest.keyClick(two.button("formula-0"), Key.Key_Delete)
    assert two.features == ("x1", "gauss(x2)")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Change the formula gauss(x₂)"
    QTest.keyClick(focused, Key.Key_Return)
    assert two.line.text() == "gauss(x2)"


def test_tab_leads_from_the_field_to_a_new_formula_and_then_on(qtbot, qapp):
    window, document = QWidget(), Document(Spec())
    panel, behind = FeaturesPanel(document), QLineEdit()
    row = QVBoxLayout(window)
    row.addWidget(panel)
    row.addWidget(behind)
    qtbot.addWidget(window)
    window.show()
    document.apply(edits.toggle_feature("x1^3"))
    document.apply(edits.toggle_feature("x2^3"))
    order, widget = [], panel.findChild(QPushButton, "formula-add")
    while widget is not None and widget is not behind:
        order.append(widget.objectName())
        widget = widget.nextInFocusChain()
    wanted = ["formula-add", "formula-0", "formula-0-remove", "formula-1", "formula-1-remove"]
    assert [name for name in order if name in wanted] == wanted


def test_formulas_stand_beside_each_other_below_features_that_stay_in_sight(qtbot, qapp):
    apply_theme(qapp, DARK)
    desk = Desk(qtbot, Spec(features=("x1", "x2", "x1^3", "x2^3", "x1^4", "x2^4")), height=122)
    first, second, third, _ = (chip.mapTo(desk.panel, chip.rect().topLeft()) for chip in desk.chips)
    assert first.y() == second.y() < third.y()
    assert first.x() < second.x()
    for name in nn.Feature.names():
        switch = desk.button(f"feature-{name.replace('_', '-')}")
        assert desk.panel.rect().contains(switch.geometry())
        assert not switch.visibleRegion().isEmpty()


def test_the_last_feature_stays_even_if_it_is_a_formula(qtbot):
    desk = Desk(qtbot, Spec(features=("x1*x2+1",)))
    QTest.keyClick(desk.button("formula-0"), Key.Key_Delete)
    assert desk.messages == ["A network needs at least one input feature."]
    assert len(desk.chips) == 1


def test_a_long_formula_is_shortened_and_read_in_full_in_its_tooltip(qtbot):
    formula = "sin(3*x1)*x2+cos(5*x2)*x1+gauss(x1-x2)"
    desk = Desk(qtbot, Spec(features=("x1", formula)))
    chip = desk.button("formula-0")
    assert "…" in chip.text()
    assert nn.feature(formula).label in chip.toolTip()
    assert chip.fontMetrics().horizontalAdvance(chip.text()) <= chip.width()
    assert desk.panel.minimumSizeHint().width() <= 200


def test_data_that_bring_their_own_inputs_take_no_formulas(two):
    spec = two.document.spec
    two.document.apply(edits.open_spec(replace(spec, data=Data("iris")), "iris"))
    assert not two.line.isEnabled()
    assert not two.button("formula-0").isEnabled()


def test_every_control_of_formulas_has_a_name_and_a_tooltip_and_takes_the_focus(two):
    for kind in (QPushButton, QToolButton, QLineEdit):
        for control in two.panel.findChildren(kind):
            assert control.objectName()
            assert control.accessibleName()
            assert control.toolTip()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
