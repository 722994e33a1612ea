"""The kinds of inspection (检查类型), by code; knows no record."""

from __future__ import annotations

#: 令49号 art. 53 names 日常, 飞行 and 体系; the others are labels that offices add (domain notes 1.1).
KINDS = (
    ("routine", "日常监督检查"),
    ("flying", "飞行检查"),
    ("system", "体系检查"),
    ("special", "专项检查"),
    ("random", "双随机抽查"),
    ("complaint", "投诉举报核查"),
    ("first", "许可后首次检查"),
    ("recheck", "复查"),
    ("leader", "督导检查"),
    ("sampling", "抽检不合格跟踪"),
)
