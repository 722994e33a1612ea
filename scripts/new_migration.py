"""Write the next migration from the difference between the models and a database made by the present migrations.

Usage: python scripts/new_migration.py NAME. The file is frozen: it holds plain peewee models and SQL, nothing of ours.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main(name: str, folder: Path = ROOT / "models" / "migrations") -> None:
    """Write NNNN_name.py into the folder of the migrations."""
    import peewee
    from playhouse import migrations
    from playhouse.schema_diff import diff_models

    import models.registers  # noqa: F401
    from models.core.changes import Action, ChangeLog
    from models.core.record import TABLES, database, live_index_sql

    with tempfile.TemporaryDirectory() as temporary:
        db = peewee.SqliteDatabase(str(Path(temporary) / "present.db"))
        runner = migrations.Runner(db, str(folder))
        runner.up()
        database.initialize(db)
        diff = diff_models(db, [Action, ChangeLog, *TABLES])
        there = {row[0] for row in db.execute_sql("SELECT name FROM sqlite_master WHERE type = 'index'")}
        wanted = [sql for model in TABLES for sql in live_index_sql(model)]
        names = {sql.split('"')[1] for sql in wanted}
        missing = [sql for sql in wanted if sql.split('"')[1] not in there]
        # Partial indexes are unknown to the models' metadata: only those no model asks for any more may go.
        diff.drop_indexes[:] = [index for index in diff.drop_indexes if index.name not in names]
        db.close()
    if not diff and not missing:
        print("schema matches the models: nothing to write")
        return
    text = migrations.template(diff).split("def down", 1)[0].rstrip()
    text = re.sub(r"from models\.[\w.]+ import (\w+)\n", "", text)
    text = re.sub(r"# TODO: uid: default .*\n", "", text)
    for ours, plain in PLAIN.items():
        text = re.sub(rf"(= |add_column\('\w+', '\w+', ){ours}\(", rf"\g<1>{plain}(", text)
    text = text.replace("def up(migrator, db):", "def up(migrator: Any, db: Any) -> None:")
    lines = [f"    db.execute_sql('{sql}')" for sql in missing]
    number = max((int(path.name[:4]) for path in folder.glob("[0-9]*.py")), default=0) + 1
    target = folder / f"{number:04d}_{name}.py"
    body = text.split("\n", 1)[1] if text.startswith("#") else text
    target.write_text(
        f'"""{name.replace("_", " ").capitalize()}: frozen, never edited after a release."""\n\n'
        '# mypy: disable-error-code="attr-defined,call-overload"\n'
        f"from typing import Any\n\n{body.lstrip()}\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    print(target)


#: Our field kinds and the peewee fields they are stored as.
PLAIN = {
    "Text": "CharField",
    "Groups": "CharField",
    "ItemNumber": "CharField",
    "Numbers": "TextField",
    "Choices": "CharField",
    "Code": "CharField",
    "Choice": "CharField",
    "LongText": "TextField",
    "Json": "TextField",
    "Integer": "IntegerField",
    "Number": "DecimalField",
    "Date": "DateField",
    "Time": "TimeField",
    "Bool": "BooleanField",
    "Ref": "ForeignKeyField",
}

if __name__ == "__main__":
    main(sys.argv[1])
