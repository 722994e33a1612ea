"""PySide6 6.12.0 on Python 3.11 takes one reference from None with each void call, until the process dies."""

import sys

import PySide6
from PySide6.QtWidgets import QLabel


def test_void_calls_keep_the_references_of_none(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(20_000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 2_000


def test_the_version_is_below_the_broken_one():
    assert tuple(int(part) for part in PySide6.__version__.split(".")[:2]) < (6, 12)
