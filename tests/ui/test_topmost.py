"""Dialogs that open late: never two side by side, of which each would lock the other's window."""

from PySide6.QtWidgets import QApplication, QMessageBox

from playground.ui.dialogs.export_code import ExportDialog
from playground.ui.dialogs.open_link import OpenLinkDialog, ask_for_link


def test_code_that_is_asked_for_before_another_dialog_opens_stands_over_it(desk):
    desk.window.actions_by_name["export-numpy"].trigger()
    ask_for_link(desk.window.pasting)
    link = desk.window.findChild(OpenLinkDialog)
    desk.wait_until(lambda: desk.window.findChild(ExportDialog) is not None)
    code = desk.window.findChild(ExportDialog)
    assert code.parentWidget() is link
    assert QApplication.activeModalWidget() is code
    code.reject()
    assert QApplication.activeModalWidget() is link
    link.reject()


def test_the_question_about_a_file_that_took_long_stands_over_what_was_opened_meanwhile(desk, tmp_path, monkeypatch):
    path = tmp_path / "work.nnp"
    desk.window.files._save_to(path)
    desk.wait_until(lambda: desk.window.files.path == path)
    desk.window.draw_seed()
    monkeypatch.setattr("playground.ui.files.project_files.AT_ONCE_BYTES", 1)
    desk.window.files.open(path)
    ask_for_link(desk.window.pasting)
    link = desk.window.findChild(OpenLinkDialog)
    desk.wait_until(lambda: QApplication.activeModalWidget() is not link)
    question = QApplication.activeModalWidget()
    assert isinstance(question, QMessageBox)
    assert question.objectName() == "unsaved-dialog"
    assert question.parentWidget() is link
    question.reject()
    link.reject()
