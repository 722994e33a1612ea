"""Makes Qt's own texts Chinese (standard buttons, print and file dialogs, menus of line edits); knows no page."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

BUTTONS = {
    QDialogButtonBox.StandardButton.Ok: "确定",
    QDialogButtonBox.StandardButton.Cancel: "取消",
    QDialogButtonBox.StandardButton.Close: "关闭",
    QDialogButtonBox.StandardButton.Yes: "是",
    QDialogButtonBox.StandardButton.No: "否",
    QDialogButtonBox.StandardButton.Save: "保存",
    QDialogButtonBox.StandardButton.Discard: "放弃修改",
    QDialogButtonBox.StandardButton.Apply: "应用",
    QDialogButtonBox.StandardButton.Open: "打开",
}


def speak_chinese(app: QApplication) -> bool:
    """Install Qt's simplified Chinese texts and locale; False when the PySide6 build has none."""
    locale = QLocale(QLocale.Language.Chinese, QLocale.Script.SimplifiedChineseScript, QLocale.Country.China)
    QLocale.setDefault(locale)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        return False
    return app.installTranslator(translator)


def chinese_buttons(box: QDialogButtonBox) -> None:
    """Give a button box our words, whatever Qt's translation says."""
    for standard, text in BUTTONS.items():
        button = box.button(standard)
        if button is not None:
            button.setText(text)
