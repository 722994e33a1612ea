"""PostgreSQL's errors as what happened and what to do, in Chinese. Knows no table and opens no connection."""

from __future__ import annotations

from models.core.errors import (
    KnownError,
    LedgerError,
    LedgerFull,
    LedgerLocked,
    LedgerReadOnly,
    LedgerUnreachable,
)

_AGAIN = "您填写的内容还在，台账没有改动；恢复后再保存一次即可。"

#: SQLSTATE (or its first letters), then words of libpq and of a server speaking English or Chinese.
_MEANINGS: tuple[tuple[tuple[str, ...], tuple[str, ...], type[LedgerError], str, str], ...] = (
    (
        ("28",),
        ("authentication failed", "no password supplied", "认证失败", "no pg_hba.conf entry", "pg_hba.conf"),
        LedgerUnreachable,
        "{place}不接受这个用户名或密码。",
        "请核对用户名；密码用环境变量 PGPASSWORD 或 PGPASSFILE（如 ~/.pgpass）提供。",
    ),
    (
        ("3D000",),
        ("does not exist", "不存在"),
        LedgerUnreachable,
        "服务器上没有{place}，或没有这个用户。",
        "请核对地址，或请管理员建立数据库和用户。",
    ),
    (
        ("53300",),
        ("too many clients", "too many connections", "连接过多"),
        LedgerUnreachable,
        "{place}的连接数已满。",
        "请关闭不用的窗口，稍候再试，或请管理员增加连接数。",
    ),
    (
        ("57P03",),
        ("starting up", "shutting down", "not yet accepting", "正在启动", "正在关闭"),
        LedgerUnreachable,
        "{place}的服务器正在启动或停止。",
        f"请稍候再试。{_AGAIN}",
    ),
    (
        ("53100", "53200", "53400"),
        ("no space", "disk full"),
        LedgerFull,
        "数据库服务器的磁盘或内存不够，没有保存。",
        f"请联系管理员。{_AGAIN}",
    ),
    (
        ("25006", "42501"),
        ("read-only transaction", "permission denied"),
        LedgerReadOnly,
        "{place}不许这个用户写入，没有保存。",
        "请找管理员开通写入权限。",
    ),
    (
        ("55P03", "40P01", "40001"),
        ("deadlock",),
        LedgerLocked,
        "台账正忙，没有保存。",
        "请稍候再试。",
    ),
    (
        ("08", "57P01", "57P02"),
        (
            "connection refused",
            "could not connect",
            "could not translate",
            "failed to resolve",
            "name or service not known",
            "no route",
            "network is unreachable",
            "timeout expired",
            "timed out",
            "no such file",
            "server closed",
            "connection is closed",
            "connection is lost",
            "connection to server",
            "terminating connection",
            "consuming input failed",
            "connection failed",
        ),
        LedgerUnreachable,
        "连不上{place}，或连接已中断。",
        f"请检查网络和服务器是否开着。{_AGAIN}",
    ),
)


def explain(exc: BaseException, place: str) -> KnownError:
    """A database's error for the user; the error that began a chain counts first. ``place`` names the database."""
    chain = chain_of(exc)
    for one in chain:
        if isinstance(one, KnownError):
            return one
    states = [state for one in chain if (state := getattr(one, "sqlstate", None))]
    words = " | ".join(str(one).lower() for one in chain)
    for codes, _, kind, message, advice in _MEANINGS:
        if any(state.startswith(codes) for state in states):
            return kind(message.format(place=place), advice)
    if not states:
        for _, signs, kind, message, advice in _MEANINGS:
            if any(sign in words for sign in signs):
                return kind(message.format(place=place), advice)
    first = str(exc).strip().splitlines()[0] if str(exc).strip() else type(exc).__name__
    return LedgerError(
        f"台账操作失败（{first}）。", "没有保存任何改动，请重试；再出现时请运行 check 检查台账。"
    )


def chain_of(exc: BaseException) -> list[BaseException]:
    """An error and those that it came from, the newest first."""
    chain: list[BaseException] = []
    step: BaseException | None = exc
    while step is not None and step not in chain:
        chain.append(step)
        step = step.__cause__ or step.__context__
    return chain
