"""LibreOffice opening a roster and filtering it, timed by itself; nothing of the program is needed."""

from __future__ import annotations

import subprocess
from pathlib import Path

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Timing"/></library:library>
"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Timing" script:language="StarBasic">
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim tests(1) As New com.sun.star.sheet.TableFilterField2
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  began = GetSystemTicks()
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  opened = GetSystemTicks()
  sheet = book.Sheets.getByIndex(0)
  last = sheet.createCursor() : last.gotoEndOfUsedArea(False)
  area = sheet.getCellRangeByPosition(0, 0, last.RangeAddress.EndColumn, last.RangeAddress.EndRow)
  tests(0).Field = {column} : tests(0).Operator = com.sun.star.sheet.FilterOperator2.EQUAL
  tests(0).StringValue = "{value}"
  tests(1).Field = {text_column} : tests(1).Operator = com.sun.star.sheet.FilterOperator2.CONTAINS
  tests(1).StringValue = "{text}" : tests(1).Connection = com.sun.star.sheet.FilterConnection.AND
  wanted = area.createFilterDescriptor(True)
  wanted.ContainsHeader = True
  wanted.setFilterFields2(tests())
  area.filter(wanted)
  filtered = GetSystemTicks()
  kept = 0
  For Each part In area.queryVisibleCells().RangeAddresses
    kept = kept + part.EndRow - part.StartRow + 1
  Next
  file = FreeFile
  Open "{told}" For Output As #file
  Print #file, CStr(opened - began) &amp; " " &amp; CStr(filtered - opened) &amp; " " &amp; CStr(kept - 1)
  Close #file
  book.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
"""


def open_and_filter(
    program: str, source: Path, folder: Path, equal: tuple[int, str], contains: tuple[int, str]
) -> tuple[float, float, int]:
    """Seconds for opening and for filtering by two columns (number from 0, value), and the rows that are left.

    Raises RuntimeError where the office ended without an answer.
    """
    told, profile = folder / "office.txt", folder / "office-profile"
    told.unlink(missing_ok=True)
    basic = profile / "user" / "basic" / "Standard"
    start = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    # A new profile begins with a library of its own, so it is made before ours is laid in its place.
    subprocess.run([*start, "--terminate_after_init"], capture_output=True, check=False, timeout=120)
    basic.mkdir(parents=True, exist_ok=True)
    (basic / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    module = MODULE.format(
        source=source.as_uri(), told=told.as_uri(), column=equal[0], value=equal[1], text_column=contains[0],
        text=contains[1],
    )  # fmt: skip
    (basic / "Timing.xba").write_text(module, encoding="utf-8")
    done = subprocess.run(
        [*start, "macro:///Standard.Timing.Main"], capture_output=True, check=False, timeout=600
    )
    if not told.exists():
        raise RuntimeError(f"LibreOffice ended with {done.returncode} and without an answer")
    opened, filtered, kept = told.read_text(encoding="utf-8").split()
    return int(opened) / 1000, int(filtered) / 1000, int(kept)
