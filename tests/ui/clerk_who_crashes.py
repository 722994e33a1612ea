"""A process of its own: the real window in which a checklist is answered until somebody kills it.

Every fifth of ten items is failed, with a note; the others are passed.

Usage: python tests/ui/clerk_who_crashes.py FOLDER. Prints «answered N» when N answers stand on the screen and the next
one is about to be typed, and waits after the last: it never saves and never ends by itself.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main(folder: Path) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest

    from models.enterprise import Enterprise
    from models.opening import open_office
    from models.organization import Officer
    from tests.ui.window_hands import TODAY, settle
    from ui.kit.session import Session
    from ui.kit.theme import apply_theme, make_application
    from ui.main_window import MainWindow

    app = make_application()
    apply_theme(app, "light")
    window = MainWindow(Session(open_office(folder, today=TODAY)))
    window.show()
    settle(window)
    place = Enterprise.get(Enterprise.name == "测试面馆")
    values = {"enterprise": place.id, "inspected_on": TODAY, "officers": [one.id for one in Officer.live()]}
    form = window.edit_record("inspections", None, values)
    settle(window)
    editor = form.form.boxes["checklists"].editor
    editor.open_sheet(None)
    settle(window)
    sheet = editor.dialog
    timer = QTimer(interval=5)

    def one_more() -> None:
        done = len(sheet.list.items.answers)
        if form._draft_timer.isActive():
            return  # no clerk types quicker than the clock of the drafts
        print(f"answered {done}", flush=True)
        if done == len(sheet.desk.items):
            timer.stop()
            return
        if done % 10 != 4:
            QTest.keyClick(sheet.list, Qt.Key.Key_1)
            return
        QTest.keyClick(sheet.list, Qt.Key.Key_2)
        QTest.keyClick(sheet.list, Qt.Key.Key_N)
        QTest.keyClicks(sheet.note, "8C")
        QTest.keyClick(sheet.note, Qt.Key.Key_Return)

    timer.timeout.connect(one_more)
    timer.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
