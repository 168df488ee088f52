"""The dialog in which a teacher writes a task and hides what is not needed for it; the window shows it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from playground.document.lesson import MOST_TEXT, Lesson
from playground.ui.controls import identify
from playground.ui.lesson.hideable import Part, parts_of
from playground.ui.theme import SPACING_PX

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

MOST_TITLE = 200
MOST_HIDDEN = 200
"""As many names as a lesson has room for."""
_SIZE_PX = 420, 600
_TEXT_PX = 88
_ROW_PX = 24
_NAME = Qt.ItemDataRole.UserRole
_QUIET_MS = 120
"""So long nothing is typed before the window follows."""
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class LessonDialog(QDialog):
    """Makes a lesson.

    Parameters
    ----------
    window
        What parts are hidden of; it shows the lesson while one works on it.
    save
        Is given the lesson when all is said.
    """

    def __init__(self, window: MainWindow, save: Callable[[Lesson], object]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("lesson-dialog")
        self.setWindowTitle("Make a lesson")
        self._mode, self._save = window.lesson, save
        self._before = self._mode.current
        begun = self._before or self._mode.own or Lesson()
        self._title = QLineEdit(begun.title)
        self._title.setMaxLength(MOST_TITLE)
        self._title.setPlaceholderText("What it is about")
        self._title.setToolTip("Stands in bold above the canvas")
        identify(self._title, "lesson-title-line", "Title")
        self._text = QPlainTextEdit(begun.text)
        self._text.setPlaceholderText("What is there to find out?")
        self._text.setToolTip("The first line of it stands above the canvas; one click opens the rest")
        self._text.setTabChangesFocus(True)
        self._text.document().setDocumentMargin(SPACING_PX)
        identify(self._text, "lesson-text-field", "Text of the task")
        self._tree = self._make_tree(parts_of(window), frozenset(begun.hidden))
        self._about = QLabel()
        self._about.setProperty("muted", True)
        self._about.setWordWrap(True)
        self._buttons = self._make_buttons()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_QUIET_MS)
        self._pause.timeout.connect(self._preview)
        self._arrange()
        self._title.textChanged.connect(self._pause.start)
        self._text.textChanged.connect(self._pause.start)
        self._tree.itemChanged.connect(self._follow_tick)
        self._preview()

    @property
    def lesson(self) -> Lesson:
        """What is said in the dialog now."""
        hidden = dict.fromkeys(_unticked(self._tree.invisibleRootItem()))
        text = self._text.toPlainText().strip()
        return Lesson(self._title.text().strip(), text[:MOST_TEXT], tuple(hidden))

    def done(self, result: int) -> None:
        """Close, with the window as it was before."""
        lesson = self.lesson
        self._pause.stop()
        super().done(result)
        self._mode.start(self._before)
        if result == QDialog.DialogCode.Accepted:
            self._save(lesson)

    def _follow_tick(self, item: QTreeWidgetItem) -> None:
        """What stands in something that is hidden cannot be shown by itself."""
        with QSignalBlocker(self._tree):
            _grey_out_inside(item)
        self._pause.start()

    def _preview(self) -> None:
        """Let the window show what the dialog says, and say what is wrong with it."""
        lesson, wrong = self.lesson, ""
        if len(self._text.toPlainText().strip()) > MOST_TEXT:
            wrong = f"The text is longer than {MOST_TEXT:,} characters."
        elif len(lesson.hidden) > MOST_HIDDEN:
            wrong = f"More than {MOST_HIDDEN} parts are hidden one by one: hide whole panels or menus instead."
        self._about.setText(wrong or "What has no tick is hidden, with its shortcuts and menu entries.")
        self._save_button.setEnabled(not wrong)
        self._mode.start(lesson)

    def _make_tree(self, parts: tuple[Part, ...], hidden: frozenset[str]) -> QTreeWidget:
        tree = QTreeWidget()
        identify(tree, "lesson-parts", "What is shown")
        tree.setHeaderHidden(True)
        tree.setToolTip("Take a tick away to hide something; the space bar does it, too")
        items = [_item(part, hidden) for part in parts]
        tree.addTopLevelItems(items)
        for item in items:
            _grey_out_inside(item)
        tree.setCurrentItem(items[0])
        return tree

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        save, cancel = (buttons.button(each) for each in (QDialogButtonBox.StandardButton.Save,
                                                          QDialogButtonBox.StandardButton.Cancel))  # fmt: skip
        save.setText("&Save lesson …")
        save.setProperty("primary", True)
        save.setToolTip("Write experiment and lesson to a project file")
        identify(save, "save-lesson", "Save lesson")
        identify(cancel, "cancel-lesson", "Cancel")
        self._save_button: QPushButton = save
        return buttons

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        self._text.setFixedHeight(_TEXT_PX)
        for caption, control in (("&Title", self._title), ("T&ext of the task", self._text), ("S&hown", self._tree)):
            label = QLabel(caption)
            label.setBuddy(control)
            column.addWidget(label)
            column.addWidget(control, 1 if control is self._tree else 0)
        column.addWidget(self._about)
        column.addWidget(self._buttons)
        self.resize(*_SIZE_PX)


def make_lesson(window: MainWindow, save: Callable[[Lesson], object]) -> None:
    """Ask for a lesson beside what it changes, and have it saved."""
    dialog = LessonDialog(window, save)
    right = window.geometry().topRight() - QPoint(dialog.width() + 3 * SPACING_PX, -9 * SPACING_PX)
    dialog.move(right)
    dialog.open()


def _item(part: Part, hidden: frozenset[str]) -> QTreeWidgetItem:
    item = QTreeWidgetItem([part.label])
    item.setData(0, _NAME, part.name)
    item.setSizeHint(0, QSize(0, _ROW_PX))
    item.addChildren([_item(each, hidden) for each in part.inside])
    flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
    item.setFlags(flags if part.name else flags | Qt.ItemFlag.ItemIsAutoTristate)
    if part.name or not part.inside:
        item.setCheckState(0, _OFF if part.name in hidden else _ON)
    return item


def _grey_out_inside(item: QTreeWidgetItem) -> None:
    hidden = item.isDisabled() or (bool(item.data(0, _NAME)) and item.checkState(0) == _OFF)
    for child in filter(None, map(item.child, range(item.childCount()))):
        child.setDisabled(hidden)
        _grey_out_inside(child)


def _unticked(item: QTreeWidgetItem) -> Iterator[str]:
    """The names of what is to be hidden; not of what stands in something that is."""
    for child in filter(None, map(item.child, range(item.childCount()))):
        name = child.data(0, _NAME)
        if name and child.checkState(0) == _OFF:
            yield name
        else:
            yield from _unticked(child)
