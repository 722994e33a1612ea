"""Machinery every register stands on: fields, records, changes, registers, figures. Knows no topic of the office."""
