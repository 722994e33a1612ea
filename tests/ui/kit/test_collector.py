"""Cyclic garbage: it goes on the GUI thread, whichever thread makes the next objects."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer

from models.core.collecting import amid_rows, uncollected


class _Holder:
    """Holds itself, and a timer that runs."""

    def __init__(self):
        self.me = self
        self.timer = QTimer(interval=10)
        self.timer.start()


def _forget(ended):
    weakref.finalize(_Holder(), lambda: ended.append(threading.current_thread()))


def _make_many():
    for _ in range(200_000):
        cycle = []
        cycle.append(cycle)


def test_what_forms_a_cycle_ends_on_the_gui_thread_beside_a_busy_worker(jobs, qtbot):
    gc.collect()
    ended = []
    _forget(ended)
    jobs.read(_make_many)
    assert jobs.wait_idle(20_000)
    for _ in range(40):  # until all generations have had their turn
        jobs.read(_make_many)
        assert jobs.wait_idle(20_000)
        if ended:
            break
        qtbot.wait(50)
    assert ended == [threading.main_thread()]


def test_garbage_of_workers_does_not_pile_up(jobs, qtbot):
    gc.collect()
    kept = []

    class Cycle:
        def __init__(self):
            self.me = self

    def make():
        for _ in range(5_000):
            kept.append(weakref.ref(Cycle()))

    for _ in range(3):
        jobs.read(make)
        assert jobs.wait_idle()
    qtbot.waitUntil(lambda: sum(ref() is not None for ref in kept) < 5_000, timeout=5_000)


def test_nothing_is_collected_amid_many_rows(jobs, qtbot):
    ended, inside, done = [], threading.Event(), threading.Event()

    def work():
        with uncollected():
            inside.set()
            _make_many()
            done.wait(10)

    gc.collect()
    jobs.read(work)
    assert inside.wait(5)
    assert amid_rows()
    _forget(ended)
    qtbot.wait(450)  # two looks
    assert not ended
    done.set()
    assert jobs.wait_idle()
    assert not amid_rows()


def test_python_collects_by_itself_again_when_the_jobs_are_over(jobs):
    assert not gc.isenabled()
    jobs.shutdown()
    assert gc.isenabled()


def test_what_settled_is_passed_by_until_the_end(jobs):
    jobs.collector.settle()
    frozen = gc.get_freeze_count()
    assert frozen
    kept = QObject()
    gc.collect()
    assert gc.get_freeze_count() == frozen
    jobs.shutdown()
    assert gc.get_freeze_count() == 0
    assert kept is not None
