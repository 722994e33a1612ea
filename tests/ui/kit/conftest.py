"""A themed application, a job runner that ends with its test, and a real PDF."""

import io
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.kit.jobs import Jobs
from ui.kit.theme import apply_theme, theme


@pytest.fixture
def look(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "light")
    yield
    theme().set_mode("light")


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


@pytest.fixture
def pdf() -> Callable[[int], bytes]:
    def make(pages: int) -> bytes:
        from reportlab.pdfgen.canvas import Canvas

        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595, 842))
        for page in range(1, pages + 1):
            canvas.setFont("Helvetica", 24)
            canvas.drawString(72, 770, f"Page {page} of the ledger")
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    return make


@pytest.fixture
def at_modal(qapp: QApplication) -> Iterator[Callable[[Callable[[QWidget], object]], None]]:
    """Call a function with the next modal dialog, from within its own event loop."""
    timers = []

    def wait(act: Callable[[QWidget], object]) -> None:
        timer = QTimer(interval=10)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                timer.stop()
                act(dialog)

        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)

    yield wait
    assert not any(timer.isActive() for timer in timers), "no dialog came up"
