"""Documents: functions of plain data to PDF; they know models, never Qt."""
