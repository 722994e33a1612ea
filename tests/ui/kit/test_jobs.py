"""Background work: order, tokens, cancelling, progress, errors, threads."""

import threading
import time

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.kit.job_progress import JobProgress, remaining
from ui.kit.jobs import Cancelled, Jobs
from ui.kit.toast import Corner


def test_the_result_comes_back_on_the_gui_thread_and_the_work_runs_elsewhere(jobs):
    seen = []
    jobs.read(
        lambda a, b: (a + b, threading.current_thread().name),
        2, b=3,
        done=lambda result: seen.append((*result, QThread.currentThread() is QApplication.instance().thread())),
    )  # fmt: skip
    assert jobs.wait_idle()
    assert seen[0][0] == 5
    assert seen[0][1].startswith("reader")
    assert seen[0][2]


def test_writes_run_one_after_the_other_in_order(jobs):
    log = []

    def work(number):
        log.append(("begin", number))
        time.sleep(0.002)
        log.append(("end", number))

    for number in range(20):
        jobs.write(work, number)
    assert jobs.wait_idle()
    assert log == [(what, number) for number in range(20) for what in ("begin", "end")]


def test_readers_run_at_the_same_time(jobs):
    meeting = threading.Barrier(2, timeout=5)
    jobs.read(meeting.wait)
    jobs.read(meeting.wait)
    assert jobs.wait_idle()


def test_a_newer_read_of_the_same_key_replaces_the_older(jobs):
    gate, seen, owner = threading.Event(), [], QObject()

    def slow(text):
        gate.wait(5)
        return text

    jobs.read(slow, "old", owner=owner, key="rows", done=seen.append)
    jobs.read(lambda: "new", owner=owner, key="rows", done=seen.append)
    jobs.read(lambda: "other key", owner=owner, key="count", done=seen.append)
    gate.set()
    assert jobs.wait_idle()
    assert sorted(seen) == ["new", "other key"]


def test_a_replaced_read_that_has_not_begun_never_begins(qapp):
    jobs = Jobs(readers=1)
    gate, ran, owner = threading.Event(), [], QObject()
    jobs.read(gate.wait, 5)
    for number in range(5):
        jobs.read(ran.append, number, owner=owner, key="rows")
    gate.set()
    assert jobs.wait_idle()
    assert ran == [4]
    jobs.shutdown()


def test_nothing_reaches_a_destroyed_owner(jobs, qtbot):
    gate, seen = threading.Event(), []
    owner = QWidget()
    jobs.read(gate.wait, 5, owner=owner, done=seen.append)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 52)
    gate.set()
    assert jobs.wait_idle()
    assert seen == []


def test_an_exception_reaches_failed_or_else_the_error_handler(jobs):
    failures, unhandled = [], []
    jobs.on_error = lambda owner, error: unhandled.append(error)
    jobs.read(lambda: 1 / 0, failed=failures.append)
    jobs.write(lambda: {}["no"])
    assert jobs.wait_idle()
    assert [type(each) for each in failures] == [ZeroDivisionError]
    assert [type(each) for each in unhandled] == [KeyError]


def test_cancel_stops_a_job_that_looks(jobs):
    ended = []

    def endless(progress):
        while True:
            progress.check()
            time.sleep(0.001)

    job = jobs.write(endless, done=ended.append, failed=ended.append, stopped=lambda: ended.append("stopped"))
    job.cancel()
    assert jobs.wait_idle()
    assert ended == ["stopped"]
    with pytest.raises(Cancelled):
        job.progress.check()


def test_progress_is_reported_and_its_last_step_never_lost(jobs, qtbot):
    seen = []
    jobs.progressed.connect(lambda number, done, total, text: seen.append((done, total, text)))

    def work(progress):
        for done in range(1, 101):
            progress.report(done, 100, "行")

    jobs.read(work)
    assert jobs.wait_idle()
    assert seen[-1] == (100, 100, "行")
    assert len(seen) < 20


def test_shutdown_finishes_the_queued_writes_and_runs_the_hooks_in_each_thread(qapp):
    jobs, written, closed = Jobs(), [], []
    jobs.thread_finished_hooks.append(lambda: closed.append(threading.current_thread().name))
    for number in range(10):
        jobs.write(lambda n=number: (time.sleep(0.002), written.append(n)), done=lambda _result: None)
    jobs.read(lambda: None)
    jobs.shutdown()
    assert written == list(range(10))
    assert sorted(closed) == ["reader-1", "writer-1"]
    assert not jobs.busy
    with pytest.raises(RuntimeError):
        jobs.write(print)


def test_abandoning_does_not_wait_and_says_when_all_is_over(qapp, qtbot):
    jobs, gate, ended, seen = Jobs(readers=1), threading.Event(), [], []
    jobs.read(gate.wait, 5, done=seen.append)
    jobs.abandon(lambda: ended.append(True))
    assert ended == []
    gate.set()
    qtbot.waitUntil(lambda: ended == [True])
    assert seen == []


def test_the_bar_appears_only_for_long_labelled_jobs_and_cancels(jobs, qtbot, look):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    bars = JobProgress(jobs, window, after_ms=30)
    jobs.read(time.sleep, 0.08)
    jobs.read(lambda: None, label="很快")
    assert jobs.wait_idle()
    assert Corner.of(window).frames() == []
    stopped = []

    def slow(progress):
        while True:
            progress.report(3, 10, "第 3 行")
            progress.check()
            time.sleep(0.005)

    job = jobs.read(slow, label="正在导入", stopped=lambda: stopped.append(True))
    qtbot.waitUntil(lambda: job.number in bars.bars)
    bar = bars.bars[job.number]
    qtbot.waitUntil(lambda: bar.label.text() == "正在导入：第 3 行")
    assert bar.isVisible()
    bar.cancel.click()
    assert jobs.wait_idle()
    assert stopped == [True]
    assert Corner.of(window).frames() == []


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 0, 3, "正在进行…"),
        (7, 0, 3, "已处理 7"),
        (1, 100, 0.5, "1 / 100"),
        (50, 100, 10, "50 / 100，约剩 10 秒"),
        (10, 100, 10, "10 / 100，约剩 1 分 30 秒"),
    ],
)
def test_the_remaining_time_in_words(done, total, seconds, words):
    assert remaining(done, total, seconds) == words


def test_a_bound_qt_method_can_take_the_result(jobs, qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    jobs.read(lambda: "好", owner=label, done=label.setText)
    assert jobs.wait_idle()
    assert label.text() == "好"


def test_shutting_down_calls_no_read_back_and_takes_no_new_one(jobs):
    ended, told = threading.Event(), []

    def found(value):
        told.append(value)
        jobs.read(lambda: "再读", done=told.append)

    def read():
        ended.set()
        return "读到"

    jobs.read(read, done=found, stopped=lambda: told.append("停"))
    jobs.write(lambda: "写完", done=found)
    assert ended.wait(5)
    jobs.shutdown()
    assert sorted(told) == ["停", "写完"]
    assert not jobs.busy


def test_later_comes_in_another_turn_counts_as_busy_and_gives_way(jobs: Jobs) -> None:
    owner, told = QObject(), []
    jobs.later(lambda: told.append("old"), owner=owner, key="k")
    jobs.later(lambda: told.append("new"), owner=owner, key="k")
    jobs.later(lambda: told.append("other"), owner=owner)
    assert told == []
    assert jobs.busy
    assert jobs.wait_idle()
    assert told == ["new", "other"]


def test_later_never_comes_to_an_owner_that_is_gone_or_after_the_end(jobs: Jobs) -> None:
    owner, told = QObject(), []
    jobs.later(lambda: told.append(1), owner=owner)
    shiboken6.delete(owner)
    assert jobs.wait_idle()
    jobs.shutdown()
    jobs.later(lambda: told.append(2), owner=QObject())
    assert told == []
    assert not jobs.busy
