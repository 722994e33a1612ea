"""The program's door: reads the command line, finds the ledger's folder, then opens the window or does one command."""

from __future__ import annotations

import argparse
import datetime as dt
import faulthandler
import gc
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from models.core.errors import KnownError
from ui.command_line import UsageError, make_parser
from ui.command_output import describe_os_error, prepare_streams, say

APP_NAME = "shian-desk"
LOG_NAME = "app.log"
log = logging.getLogger("shian")


class LogFile(logging.FileHandler):
    """A log made with its folder at the first line; one that cannot be written must not fail the command."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks; returns the exit code: 0, 1 with a message on stderr, 2 for wrong usage."""
    prepare_streams()
    parser = make_parser()
    args = parser.parse_args(argv)
    try:
        today = _today(args.today)
        with _data_folder(args) as folder, _logged(folder):
            return _guarded(args, folder, today)
    except UsageError as error:
        parser.error(str(error))
    except OSError as error:
        say(describe_os_error(error))
        return 1


def _guarded(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    """Run the command; every failure becomes a Chinese message, an unexpected one is logged with its trace."""
    try:
        if args.database is not None:
            from models.core.engine import use_database

            use_database(folder, args.database)
        code = _window(folder, today) if args.command is None else _command(args, folder, today)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except UsageError:
        raise
    except KnownError as error:
        say(str(error))
    except BrokenPipeError:
        # The reader (head, less) has seen enough; what is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("已中断，没有做完的部分没有保存。")
        return 130
    except OSError as error:
        log.exception("file trouble")
        say(describe_os_error(error))
    except Exception as error:
        log.exception("unexpected")
        say(f"程序内部出错（{type(error).__name__}：{error}）。台账没有改动，详情见 {folder / LOG_NAME}。")
    return 1


def _command(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.commands import run_command

    return run_command(args, folder, today)


def _window(folder: Path, today: dt.date | None) -> int:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screens):
        raise KnownError("没有显示器，打不开窗口。", "请在桌面环境中运行；只用命令行的，见 app.py --help。")
    gc.disable()  # until the frame is painted: collecting while modules load only costs time
    from ui.main_window import run

    return run(folder, today)


def _today(text: str | None) -> dt.date | None:
    if text is None:
        return None
    from models.rules.dates import parse_date

    try:
        return parse_date(text, dt.date.today())  # noqa: DTZ011
    except ValueError as error:
        raise UsageError(f"--today：{error}") from None


@contextmanager
def _data_folder(args: argparse.Namespace) -> Iterator[Path]:
    """The ledger's folder: the one named, a throwaway one, or the platform's."""
    if args.temp:
        with tempfile.TemporaryDirectory(prefix="shian-", ignore_cleanup_errors=True) as name:
            yield Path(name)
    elif args.data_dir is not None:
        yield args.data_dir.expanduser().absolute()
    else:
        import platformdirs

        yield Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


@contextmanager
def _logged(folder: Path) -> Iterator[None]:
    """Log into the data folder, the file made at the first line; hard faults and stray exceptions are caught too."""
    handler = LogFile(folder / LOG_NAME, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # a stderr without a descriptor
            faulthandler.enable()
    earlier = sys.unraisablehook, threading.excepthook
    sys.unraisablehook = lambda found: log.error("unraisable in %r", found.object, exc_info=found.exc_value)
    threading.excepthook = lambda found: log.error("uncaught in a thread", exc_info=found.exc_value)
    try:
        yield
    finally:
        sys.unraisablehook, threading.excepthook = earlier
        logging.getLogger().removeHandler(handler)
        handler.close()


if __name__ == "__main__":
    sys.exit(main())
