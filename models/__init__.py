"""The ledger: tables, rules, registers and figures. Knows neither Qt nor ReportLab."""
