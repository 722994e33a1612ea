"""Killing the process at any point of a write loop loses nothing that was confirmed."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from models.core.ledger import FILE_NAME, check_database
from models.notice_steps import numbering_findings
from models.opening import open_office

ROOT = Path(__file__).resolve().parents[3]
LOOP = """
import datetime as dt, sys
from pathlib import Path
from models.opening import open_office
from models.core.saving import save
from models.core.search import initials
from models.enterprise import Party
ledger = open_office(Path(sys.argv[1]), today=dt.date(2024, 6, 30))
initials("示例")  # the first use loads the dictionary
print("opened 0", flush=True)
while True:
    with ledger.write("登记") as tx:
        party = save(tx, Party, {"name": "示例", "kind": "organization"}, waivers={"no_uscc": "示例"})
    print("party", party.id, flush=True)
    with ledger.write("改名") as tx:
        save(tx, Party, {"name": f"示例{party.id}"}, party, waivers={"no_uscc": "示例"})
    print("renamed", party.id, flush=True)
    if party.id % 3 == 0:
        ledger.undo()
        print("undone", party.id, flush=True)
"""


def test_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    rng, started = random.Random(20240630), time.monotonic()
    confirmed: list[tuple[str, int]] = []
    rounds = 0
    while rounds < 12 and time.monotonic() - started < 16:
        command = [sys.executable, "-c", LOOP, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout is not None
        if rounds < 3:  # in the making of the ledger
            time.sleep(0.35 + rng.random() * 0.3)
            head = ""
        else:
            head = process.stdout.readline()
            time.sleep(0.1 + rng.random() * 0.4)
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate()
        lines = [line.split() for line in (head + output).splitlines(keepends=True) if line.endswith("\n")]
        confirmed += [(word, int(key)) for word, key in lines if word != "opened"]
        rounds += 1
    assert rounds >= 6
    assert len(confirmed) > 20, "the loop hardly ran"
    assert check_database(tmp_path / FILE_NAME) == []
    conn = sqlite3.connect(tmp_path / FILE_NAME)
    names = dict(conn.execute("SELECT id, name FROM party WHERE removed_at IS NULL"))
    ids = [row[0] for row in conn.execute("SELECT id FROM party ORDER BY id")]
    half = conn.execute(
        "SELECT COUNT(*) FROM action WHERE rows = 0 OR id NOT IN (SELECT action_id FROM change_log)"
    ).fetchone()[0]
    conn.close()
    last = {}
    for word, key in confirmed:
        last[key] = word
    for key, word in last.items():
        assert key in names
        if word == "renamed" and key % 3:
            assert names[key] == f"示例{key}"
        if word == "undone":
            assert names[key] == "示例"
    assert ids == list(range(1, len(ids) + 1)), "numbers without a gap"
    assert half == 0, "an action and its log are stored together"
    ledger = open_office(tmp_path)
    assert numbering_findings() == []
    ledger.close()
