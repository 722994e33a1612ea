"""The period report's words on the enterprises' own side: staff, training, canteens, routines; knows not the page."""

from __future__ import annotations

from models import period_tables as tables
from models.routine import KINDS
from models.safety_staff import required_hours
from reports.period_words import Numbers, listed, sentence

#: Townships named as lacking most.
_MOST = 3


def staff_words(numbers: Numbers) -> str:
    """Directors and officers: in post, who must have them and lacks them, training and assessment."""
    posts = [
        numbers.if_any("staff.directors", "食品安全总监{}"),
        numbers.if_any("staff.officers", "食品安全员{}"),
    ]
    named = "、".join(filter(None, posts))
    if not named and not numbers.count("staffing.officer_needed"):
        return ""
    text = sentence(f"{numbers.by_end}，在营主体登记在任{named}") if named else (
        f"{numbers.by_end}，台账没有登记在任的食品安全总监和食品安全员。"
    )  # fmt: skip
    return text + _needs(numbers) + _training(numbers) + _assessment(numbers)


def _needs(numbers: Numbers) -> str:
    parts = []
    for duty, word in (("director", "总监"), ("officer", "安全员")):
        if not numbers.count(f"staffing.{duty}_needed"):
            continue
        short = numbers.count(f"staffing.{duty}_missing")
        there = numbers.count(f"staffing.{duty}_there")
        parts.append(
            f"按标准应配{word}的主体{numbers.text(f'staffing.{duty}_needed')}，"
            + (
                f"已配{numbers.text(f'staffing.{duty}_there')}、配备率{numbers.text(f'staffing.{duty}_rate')}"
                if there
                else "均未登记配备"
            )
            + (f"，尚缺{numbers.text(f'staffing.{duty}_missing')}" if there and short else "")
        )
    words = "；".join(parts) + "。" if parts else ""
    where = listed(tables.missing_by_township("staffing.director_missing", numbers.period)[:_MOST], "户")
    unknown = numbers.if_any("staffing.unknown", "另有{}规模没有登记，应否配总监待核实")
    return words + sentence(f"缺总监较多的是{where}" if where else "", unknown)


def _training(numbers: Numbers) -> str:
    least = required_hours(numbers.period.end)
    if least is None or not numbers.count("staff.serving"):
        return ""
    year = numbers.period.end.year
    if not numbers.count("staff.trained"):
        return f"台账登记的{year}年培训学时中，尚无总监、安全员达到全年{least}学时。"
    return sentence(
        f"{numbers.by_end}，在任总监、安全员中{year}年培训已满{least}学时的{numbers.text('staff.trained')}",
        f"占{numbers.text('staff.trained_rate')}",
    )


def _assessment(numbers: Numbers) -> str:
    if not numbers.count("staff.assessed"):
        return f"{numbers.during}未登记对总监、安全员的监督抽查考核。" if numbers.count("staff.serving") else ""
    passed = numbers.count("staff.assessed_passed")
    return sentence(
        f"{numbers.during}监督抽查考核{numbers.text('staff.assessed')}",
        f"合格{numbers.text('staff.assessed_passed')}、合格率{numbers.text('staff.passed_rate')}"
        if passed
        else "均不合格",
    )


def canteen_words(numbers: Numbers) -> str:
    """School and kindergarten canteens: how they are supplied and whether both sides have their staff."""
    if not numbers.count("canteens.total"):
        return ""
    contracted, both = numbers.count("canteens.contracted"), numbers.count("canteens.dual_staffed")
    text = sentence(
        f"{numbers.by_end}，在营学校、幼儿园食堂{numbers.text('canteens.total')}",
        f"其中委托承包经营{numbers.text('canteens.contracted')}" if contracted else "",
    )
    if contracted:
        text += sentence(
            f"承包经营的食堂中，学校方与承包方双总监、双食品安全员配齐的{numbers.text('canteens.dual_staffed')}"
            f"、配齐率{numbers.text('canteens.dual_rate')}"
            if both
            else "承包经营的食堂均未登记配齐双总监、双食品安全员",
            numbers.if_any("canteens.not_dual", "未配齐{}") if both else "",
        )
    return text + sentence(numbers.if_any("canteens.short", "管理人员没有按标准配齐的食堂{}"))


def routine_words(numbers: Numbers) -> str:
    """日管控、周排查、月调度 as the inspectors saw them."""
    if not numbers.count("inspections.total"):
        return ""
    if not numbers.count("routines.all_checked"):
        return f"{numbers.during}的检查记录没有登记日管控、周排查、月调度的查看情况，落实情况有待在检查中逐项登记。"
    each = [
        f"{word}{numbers.text(f'routines.{code}_checked')}"
        + (
            f"、落实率{numbers.text(f'routines.{code}_rate')}"
            if numbers.count(f"routines.{code}_kept")
            else "均未落实"
        )
        for code, word in KINDS
        if numbers.count(f"routines.{code}_checked")
    ]
    kept = numbers.count("routines.all_kept")
    return sentence(
        f"{numbers.during}检查时查看日管控、周排查、月调度{numbers.text('routines.all_checked')}",
        f"有记录、按时开展并如实记录的{numbers.text('routines.all_kept')}、落实率{numbers.text('routines.all_rate')}"
        if kept
        else "没有一项按要求落实",
    ) + sentence(f"其中，{'；'.join(each)}")
