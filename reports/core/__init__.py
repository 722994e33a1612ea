"""Machinery of every document: fonts, pages, text setting, tables; it knows no topic."""
