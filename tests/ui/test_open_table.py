"""Opening a file of one's own: dropped or chosen, looked through, and learned from."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QMainWindow, QPushButton

from playground.document.document import Document
from playground.document.reading import read_sheet
from playground.document.spec import Spec
from playground.ui.dialogs.columns import INPUT, NAME, TARGET, VALUES, ColumnsView
from playground.ui.dialogs.open_table import OpenTableDialog
from playground.ui.dialogs.opening import TableOpener
from playground.ui.dropping import FileDrop
from playground.ui.theme import DARK, apply_theme

LEFT, NO_KEYS, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
PEOPLE = "name,age,fare,sex,alive\n" + "".join(
    f"person {i},{'' if i % 5 == 4 else 20 + i},{i * i % 47},{'fm'[i % 2]},{i % 3 % 2}\n" for i in range(40)
)
FLOWERS = "length,width,kind\n" + "".join(
    f"{i % 7},{i % 5 + i},{('rose', 'iris', 'tulip')[i % 3]}\n" for i in range(30)
)


@pytest.fixture
def file_of(tmp_path):
    def write(text: str | bytes, name: str = "own.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def dialog_of(qtbot, qapp, file_of):
    apply_theme(qapp, DARK)

    def make(text: str) -> OpenTableDialog:
        dialog = OpenTableDialog(read_sheet(file_of(text)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def view_of(dialog: OpenTableDialog) -> ColumnsView:
    found = dialog.findChild(ColumnsView, "table-columns")
    assert found is not None
    return found


def click(dialog: OpenTableDialog, row: int, place: int) -> None:
    view = view_of(dialog)
    QTest.mouseClick(view.viewport(), LEFT, NO_KEYS, view.visualRect(view.model().index(row, place)).center())


def tick(dialog: OpenTableDialog, name: str) -> None:
    box = dialog.findChild(QCheckBox, name)
    assert box is not None
    QTest.mouseClick(box, LEFT, NO_KEYS, QPoint(8, box.height() // 2))


def said(dialog: OpenTableDialog) -> str:
    label = dialog.findChild(QLabel, "table-state")
    assert label is not None
    return label.text()


def open_button(dialog: OpenTableDialog) -> QPushButton:
    button = dialog.findChild(QPushButton, "table-open")
    assert button is not None
    return button


# -- the dialog ---------------------------------------------------------------------------------------


def test_the_dialog_begins_with_the_usual_choice_and_says_what_that_will_be(dialog_of):
    dialog = dialog_of(FLOWERS)
    assert said(dialog) == (
        "30 samples · 2 inputs · 3 classes: iris, rose, tulip · points of the plane, of which features can be made"
    )
    assert dialog.table is not None
    assert open_button(dialog).isEnabled()


def test_a_click_makes_a_column_the_target_and_the_one_before_an_input(dialog_of):
    dialog = dialog_of(FLOWERS)
    click(dialog, 1, TARGET)
    assert (dialog.columns.inputs, dialog.columns.target) == (("length", "kind"), "width")
    assert said(dialog).startswith("30 samples · 4 inputs · values of width")


def test_without_an_input_nothing_can_be_opened_and_the_reason_is_said(dialog_of):
    dialog = dialog_of(FLOWERS)
    click(dialog, 0, INPUT)
    assert said(dialog).startswith("30 samples · 1 input · 3 classes")
    click(dialog, 1, INPUT)
    assert said(dialog) == "Choose at least one input beside the target."
    assert dialog.table is None
    assert not open_button(dialog).isEnabled()
    assert open_button(dialog).toolTip() == said(dialog)
    label = dialog.findChild(QLabel, "table-state")
    assert label is not None
    assert label.foregroundRole() == QPalette.ColorRole.BrightText


def test_the_list_is_used_by_keyboard_alone(dialog_of):
    dialog = dialog_of(FLOWERS)
    view = view_of(dialog)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    assert (dialog.columns.inputs, dialog.columns.target) == (("kind",), "width")
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.currentIndex().column() == NAME
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Space)  # beside the two choices, Space means the input
    assert dialog.columns.inputs == ("length", "kind")


def test_the_cell_of_an_impossible_choice_says_why_and_does_nothing(dialog_of):
    dialog = dialog_of(PEOPLE)
    name = view_of(dialog).model().index(0, INPUT)
    reason = "Column 'name' has 40 different words: at most 20 can be inputs."
    assert name.data(Qt.ItemDataRole.ToolTipRole) == reason
    assert name.data(Qt.ItemDataRole.AccessibleDescriptionRole) == reason
    click(dialog, 0, INPUT)
    assert "name" not in dialog.columns.inputs


def test_missing_values_are_told_with_their_line_and_can_be_left_out(dialog_of):
    dialog = dialog_of(PEOPLE)
    assert view_of(dialog).model().index(1, VALUES).data().endswith("· 8 missing")
    click(dialog, 1, INPUT)
    assert said(dialog) == "Line 6, column 'age': no value; leave out 8 rows without one, or do without the column."
    tick(dialog, "table-leave-out")
    assert said(dialog).startswith("32 samples · 4 inputs · 2 classes: 0, 1")
    assert said(dialog).endswith("8 rows left out")


def test_nothing_is_offered_for_missing_values_where_there_are_none(dialog_of):
    box = dialog_of(FLOWERS).findChild(QCheckBox, "table-leave-out")
    assert box is not None
    assert not box.isVisible()


def test_a_target_of_few_whole_numbers_is_classes_or_values_as_one_wishes(dialog_of):
    dialog = dialog_of(PEOPLE)
    choice = dialog.findChild(QComboBox, "table-target-as")
    assert choice is not None
    assert (choice.currentText(), choice.isEnabled()) == ("classes", True)
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert "values of alive" in said(dialog)
    click(dialog, 3, TARGET)
    assert (choice.currentText(), choice.isEnabled()) == ("classes", False)
    assert choice.toolTip() == "Words are classes"


def test_values_far_from_one_are_standardised_unless_one_says_no(dialog_of):
    dialog = dialog_of("size,price\n" + "".join(f"{i},{100_000 + 3000 * i}\n" for i in range(20)))
    assert said(dialog) == "20 samples · 1 input · values of price, standardised: −1.65 … 1.65"
    tick(dialog, "table-standardize-target")
    assert said(dialog) == "20 samples · 1 input · values of price 10⁵ … 1.57×10⁵"


def test_all_and_none_choose_many_inputs_at_once(dialog_of):
    dialog = dialog_of(PEOPLE)
    for name, chosen in (("table-inputs-none", ()), ("table-inputs-all", ("fare", "sex"))):
        button = dialog.findChild(QPushButton, name)
        assert button is not None
        QTest.mouseClick(button, LEFT)
        assert dialog.columns.inputs == chosen


# -- from a file to the document ----------------------------------------------------------------------


class Window(QMainWindow):
    """A window as small as opening needs."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(Spec())
        self.opener = TableOpener(self, self.document)
        self.drop = FileDrop(self)
        self.drop.dropped.connect(self.opener.open)
        self.field = QLineEdit(self)
        self.setCentralWidget(self.field)
        self.said: list[str] = []
        for signal in (self.opener.message, self.drop.message):
            signal.connect(self.said.append)

    @property
    def dialog(self) -> OpenTableDialog | None:
        return self.findChild(OpenTableDialog, "open-table-dialog")

    def send(self, event: QEvent) -> bool:
        """As the system would: to the native window."""
        QApplication.sendEvent(self.windowHandle(), event)
        return event.isAccepted()


@pytest.fixture
def window(qtbot, qapp):
    apply_theme(qapp, DARK)
    window = Window()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    return window


def dragged(*paths) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(data: QMimeData) -> QDragEnterEvent:
    return QDragEnterEvent(QPoint(50, 50), COPY, data, LEFT, NO_KEYS)


def drop(data: QMimeData) -> QDropEvent:
    return QDropEvent(QPointF(50, 50), COPY, data, LEFT, NO_KEYS)


def test_a_file_dropped_anywhere_opens_as_the_data_of_the_document(window, qtbot, file_of):
    data = dragged(file_of(FLOWERS))
    assert window.send(enter(data))
    assert window.drop.shown == "Drop to open own.csv"
    assert window.send(drop(data))
    assert window.drop.shown == ""
    qtbot.waitUntil(lambda: window.dialog is not None)
    assert window.document.spec == Spec()  # nothing has happened yet
    QTest.keyClick(window.dialog, Qt.Key.Key_Return)
    spec = window.document.spec
    assert (spec.data.is_own, spec.dataset.label, spec.n_outputs) == (True, "own.csv", 3)
    assert window.document.undo_label == "Open own.csv"
    assert window.field.text() == ""  # the line would have taken the name of the file


def test_escape_leaves_everything_as_it_was(window, qtbot, file_of):
    window.opener.open(file_of(FLOWERS))
    qtbot.waitUntil(lambda: window.dialog is not None)
    QTest.keyClick(window.dialog, Qt.Key.Key_Escape)
    assert (window.document.spec, window.document.undo_label) == (Spec(), None)


def test_what_is_said_of_another_file_takes_the_place_of_what_was_said(window, tmp_path, file_of):
    table, picture = dragged(file_of(FLOWERS)), dragged(tmp_path / "picture.png")
    window.send(enter(table))
    before = window.grab().toImage()
    window.send(enter(picture))
    assert window.drop.shown.startswith("picture.png cannot be opened")
    assert window.grab().toImage() != before


def test_a_file_that_leaves_again_leaves_no_trace(window, file_of):
    data = dragged(file_of(FLOWERS))
    window.send(enter(data))
    window.send(QDragLeaveEvent())
    assert window.drop.shown == ""


@pytest.mark.parametrize("name", ["picture.png", "folder"])
def test_what_is_no_table_is_refused_with_the_kinds_that_are_possible(window, tmp_path, file_of, name):
    path = tmp_path / name
    path.mkdir() if name == "folder" else path.touch()
    refusal = f"{name} cannot be opened: projects and tables can, .nnp, .csv, .tsv and .txt."
    data = dragged(path)
    window.send(enter(data))
    assert window.drop.shown == refusal
    window.send(drop(data))
    assert window.said == [refusal]


def test_several_files_are_refused(window, file_of):
    data = dragged(file_of(FLOWERS), file_of(PEOPLE, "other.csv"))
    window.send(drop(data))
    assert window.said == ["Drop one file at a time."]


def test_what_is_no_file_goes_to_the_widgets_as_ever(window):
    text = QMimeData()
    text.setText("0.5")
    window.send(enter(text))
    assert window.drop.shown == ""
    assert window.send(drop(text))
    assert window.field.text() == "0.5"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "own.csv: the file is empty."),
        (bytes(range(255, 0, -1)) * 20, "own.csv: line 1: not text in UTF-8 (byte 0xff); save it as “CSV UTF-8”."),
        (b"a,b\n1\n", "own.csv: line 2: expected 2 fields, got 1."),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(window, qtbot, file_of, content, sentence):
    window.opener.open(file_of(content))
    qtbot.waitUntil(lambda: bool(window.said))
    assert window.said == [sentence]
    assert window.dialog is None


def test_a_large_file_is_read_while_the_window_goes_on_and_one_at_a_time(window, qtbot, file_of, monkeypatch):
    monkeypatch.setattr("playground.ui.dialogs.opening.AT_ONCE_BYTES", 100)
    hints = []
    window.opener.hint.connect(hints.append)
    window.opener.open(file_of(FLOWERS))
    assert (window.dialog, hints) == (None, ["Reading own.csv …"])
    window.opener.open(file_of(PEOPLE, "other.csv"))
    assert window.said == ["own.csv is still being read."]
    qtbot.waitUntil(lambda: window.dialog is not None, timeout=10_000)
    assert window.dialog.windowTitle() == "Open own.csv"
    assert said(window.dialog).startswith("30 samples · 2 inputs · 3 classes")


def test_a_large_file_that_is_broken_is_told_too(window, qtbot, file_of, monkeypatch):
    monkeypatch.setattr("playground.ui.dialogs.opening.AT_ONCE_BYTES", 2)
    window.opener.open(file_of("a,b\n1\n"))
    qtbot.waitUntil(lambda: bool(window.said), timeout=10_000)
    assert window.said == ["own.csv: line 2: expected 2 fields, got 1."]
    window.opener.open(file_of(FLOWERS))  # and another file can be read then
    qtbot.waitUntil(lambda: window.dialog is not None, timeout=10_000)


def test_a_reader_that_dies_is_told(window, qtbot, file_of, monkeypatch):
    monkeypatch.setattr("playground.ui.dialogs.opening.AT_ONCE_BYTES", 2)
    monkeypatch.setattr("playground.ui.dialogs.opening.send_sheet", exit)
    window.opener.open(file_of(FLOWERS))
    qtbot.waitUntil(lambda: bool(window.said), timeout=10_000)
    assert window.said == ["own.csv could not be read: that took more memory than there is."]
