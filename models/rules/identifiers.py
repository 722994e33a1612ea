"""Codes of parties, persons and permits: tidying, form, check digits; knows no record they belong to.

A malformed code is an error; a wrong check digit is a warning that the clerk may waive with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_DEPARTMENTS = "123456789ANY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOK_ALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5"}
_JY_KINDS = "123"
_SC_CATEGORIES = frozenset({*range(101, 132), 201, 202, 203})
_PERMITS = {"JY": "食品经营许可证编号", "SC": "食品生产许可证编号", "YB": "仅销售预包装食品备案编号"}
_LOCAL_LENGTH = 60
_KEEP = "确认证照上就是如此的，可注明理由后保留"


@dataclass(frozen=True)
class CodeCheck:
    """What was made of a code: its tidied ``value``, its ``kind``, and in Chinese what is wrong with it.

    kinds: uscc, legacy, organisation, resident_id, jy, sc, yb, local, phone. An empty text has neither error
    nor warning: whether it is required is the field's matter.
    """

    value: str
    kind: str
    error: str | None = None
    warning: str | None = None

    @property
    def ok(self) -> bool:
        """Whether there is neither an error nor a warning."""
        return self.error is None and self.warning is None


def normalise(text: str) -> str:
    """Half width (NFKC), capitals, without blanks, invisible characters and hyphens."""
    before = None
    while text != before:  # taking a blank out may let what stood around it join
        before, folded = text, unicodedata.normalize("NFKC", text).upper()
        text = re.sub(r"[\s\u200b-\u200f\u2060\ufeff‐‑‒–—―−_-]+", "", folded)
    return text


def _length_error(label: str, value: str, wanted: int, source: str) -> str:
    mend = "补全" if len(value) < wanted else "删去多余的字符"
    return f"{label}应为{wanted}位，现有{len(value)}位：请对照{source}{mend}"


def _character_error(label: str, place: int, sign: str, allowed: str, source: str) -> str:
    like = _LOOK_ALIKES.get(sign)
    hint = f"是否为数字{like}" if like and like in allowed else "该位"
    return f"{label}第{place}位不能是“{sign}”：请对照{source}核对{hint}"


def _first_stranger(value: str, allowed: str, offset: int = 0) -> tuple[int, str] | None:
    """Place (from 1) and character of the first sign outside ``allowed``."""
    for place, sign in enumerate(value, start=1 + offset):
        if sign not in allowed:
            return place, sign
    return None


def organisation_check_character(body: str) -> str:
    """The ninth character of an organisation code after its eight (GB 11714-1997). Letters count A=10 … Z=35."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body[:8], _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_organisation_code(text: str) -> CodeCheck:
    """An organisation code: eight digits or capitals and a check character 0–9 or X (GB 11714-1997)."""
    value, label, source = normalise(text), "组织机构代码", "证书"
    check = partial(CodeCheck, value, "organisation")
    if not value:
        return check()
    if len(value) != 9:
        return check(_length_error(label, value, 9, source))
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", value):
        return check(f"{label}应为8位数字或大写字母加1位校验码：请对照{source}核对")
    wanted = organisation_check_character(value)
    if value[8] != wanted:
        return check(None, f"{label}的校验码不符（按前8位应为{wanted}，现为{value[8]}）：请核对，{_KEEP}")
    return check()


def uscc_check_character(body: str) -> str:
    """The eighteenth character after the seventeen (GB 32100-2015): weights 3^i mod 31, complement to 31."""
    from stdnum.cn import uscc

    return uscc.calc_check_digit(body[:17])


def check_uscc(text: str) -> CodeCheck:
    """A unified social credit code (GB 32100-2015).

    stdnum's ``uscc.validate`` refuses departments that begin with a letter (A, N, Y), so the form is checked
    here and only the check character is taken from it. The region is that of the first registration and is
    not compared with the enterprise's place.
    """
    value, label, source = normalise(text), "统一社会信用代码", "营业执照"
    check = partial(CodeCheck, value, "uscc")
    if not value:
        return check()
    if len(value) != 18:
        return check(_length_error(label, value, 18, source))
    digits = "0123456789"
    stranger = _first_stranger(value, USCC_ALPHABET) or _first_stranger(value[2:8], digits, 2)
    if stranger:
        allowed = digits if 3 <= stranger[0] <= 8 else USCC_ALPHABET
        return check(_character_error(label, *stranger, allowed, source))
    doubts = []
    if value[0] not in _USCC_DEPARTMENTS:
        doubts.append(f"第1位“{value[0]}”不是已知的登记管理部门代码")
    wanted = uscc_check_character(value)
    if value[17] != wanted:
        doubts.append(f"校验码不符（按前17位应为{wanted}，现为{value[17]}）")
    elif value[16] != organisation_check_character(value[8:16]):
        doubts.append("第9至17位组织机构代码的校验码不符")
    return check(None, f"{label}{'，'.join(doubts)}：请对照{source}核对，{_KEEP}" if doubts else None)


def check_legacy_registration(text: str) -> CodeCheck:
    """A fifteen-digit registration number of before the credit code (last digit ISO 7064 MOD 11,10): flagged."""
    value, label, source = normalise(text), "工商注册号", "旧营业执照"
    check = partial(CodeCheck, value, "legacy")
    if not value:
        return check()
    if len(value) != 15:
        return check(_length_error(label, value, 15, source))
    stranger = _first_stranger(value, "0123456789")
    if stranger:
        return check(_character_error(label, *stranger, "0123456789", source))
    if not _has_check_digit(value):
        return check(None, f"{label}的校验码不符：请对照{source}核对，{_KEEP}")
    return check(None, "这是旧版15位工商注册号：请补录18位统一社会信用代码；尚未换照的，可注明理由后保留")


def check_party_code(text: str) -> CodeCheck:
    """The code of a party: a credit code, a legacy registration number, or a natural person's identity number."""
    value = normalise(text)
    if len(value) == 15 and value.isdecimal():
        return check_legacy_registration(value)
    if len(value) == 18 and re.fullmatch(r"\d{17}[\dX]", value) and value[17] != uscc_check_character(value):
        person = check_resident_id(value)
        if person.ok:
            return person
    return check_uscc(value)


def check_resident_id(text: str) -> CodeCheck:
    """A resident identity number (GB 11643-1999): region, a real birth date, sequence, check character."""
    from stdnum.cn import ric
    from stdnum.exceptions import InvalidComponent

    value, label, source = normalise(text), "居民身份证号", "身份证"
    check = partial(CodeCheck, value, "resident_id")
    if not value:
        return check()
    if len(value) == 15 and value.isdecimal():
        return check(f"15位的旧{label}已停用：请改录18位{label}")
    if len(value) != 18:
        return check(_length_error(label, value, 18, source))
    stranger = _first_stranger(value[:17], "0123456789") or _first_stranger(value[17], "0123456789X", 17)
    if stranger:
        return check(_character_error(label, *stranger, "0123456789", source))
    try:
        ric.get_birth_date(value)
    except InvalidComponent:
        return check(f"{label}第7至14位“{value[6:14]}”不是出生日期：请对照{source}核对")
    wanted = ric.calc_check_digit(value)
    if value[17] != wanted:
        return check(None, f"{label}的校验码不符（按前17位应为{wanted}，现为{value[17]}）：请核对，{_KEEP}")
    return check()


def mask_id(text: str) -> str:
    """The number as it may be shown: characters 11–14 as ``****``; a shorter one is hidden from the seventh on."""
    value = normalise(text)
    if len(value) < 15:
        return value[:6] + "*" * (len(value) - 6)
    return f"{value[:10]}****{value[14:]}"


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the ISO 7064 MOD 11,10 check digit (GB/T 17710-2008)."""
    from stdnum.iso7064 import mod_11_10

    return mod_11_10.is_valid(digits)


def _check_permit(text: str, prefix: str) -> CodeCheck:
    """A permit number of two letters and fourteen digits, the last a check digit."""
    value, label = normalise(text), _PERMITS[prefix]
    check = partial(CodeCheck, value, prefix.lower())
    if not value:
        return check()
    if re.fullmatch(r"\d{14}", value):
        return check(f"{label}应以{prefix}开头，现只有14位数字：请补上{prefix}")
    if not value.startswith(prefix):
        return check(f"{label}应以{prefix}开头，现为“{value[:2]}”：请核对证件种类和编号")
    digits = value[2:]
    stranger = _first_stranger(digits, "0123456789", 2)
    if stranger:
        return check(_character_error(label, *stranger, "0123456789", "证件"))
    if len(digits) != 14:
        mend = "补全" if len(digits) < 14 else "删去多余的数字"
        return check(f"{label}应为{prefix}加14位数字，现有{len(digits)}位数字：请对照证件{mend}")
    if not _has_check_digit(digits):
        return check(None, f"{label}的校验码（末位）不符：请对照证件核对，{_KEEP}")
    return check()


def check_jy(text: str) -> CodeCheck:
    """A food-business permit number: JY, form 1–3, region 6, serial 6, check digit."""
    found = _check_permit(text, "JY")
    if found.value and found.ok and found.value[2] not in _JY_KINDS:
        doubt = "第3位主体业态应为1（食品销售）、2（餐饮服务）或3（集中用餐单位食堂）"
        return CodeCheck(found.value, "jy", None, f"{_PERMITS['JY']}{doubt}：请对照证件核对，{_KEEP}")
    return found


def check_sc(text: str) -> CodeCheck:
    """A food-production permit number: SC, category 3, region 6, serial 4, check digit."""
    found = _check_permit(text, "SC")
    if found.value and found.ok and int(found.value[2:5]) not in _SC_CATEGORIES:
        doubt = f"第3至5位“{found.value[2:5]}”不是食品类别编码（101至131、201至203）"
        return CodeCheck(found.value, "sc", None, f"{_PERMITS['SC']}{doubt}：请对照证件核对，{_KEEP}")
    return found


def check_yb(text: str) -> CodeCheck:
    """A filing number for selling pre-packaged food only: YB and fourteen digits."""
    return _check_permit(text, "YB")


def check_local_registration(text: str) -> CodeCheck:
    """A provincial registration (小作坊, 小餐饮, 小食杂店, 小摊贩): free text, since its form is not published."""
    folded = unicodedata.normalize("NFC", text)
    value = re.sub(r"[\s\u200b-\u200f\ufeff]+", "", "".join(_half_width(sign) for sign in folded))
    check = partial(CodeCheck, value, "local")
    if len(value) > _LOCAL_LENGTH:
        return check(f"登记证（备案）编号不超过{_LOCAL_LENGTH}个字，现有{len(value)}个：请只填编号")
    if value and not re.search(r"[0-9〇一二三四五六七八九十百]", value):
        return check(None, f"登记证（备案）编号中没有数字：请对照证件核对，{_KEEP}")
    if re.fullmatch(r"\d{14}", value):
        return check(None, f"登记证（备案）编号是14位数字：如为食品经营许可证请加JY，生产许可证请加SC；{_KEEP}")
    return check()


def _half_width(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign) if "０" <= sign <= "ｚ" and sign.isalnum() else sign


def check_permit_number(text: str) -> CodeCheck:
    """A permit number of any kind, told by its first letters; what begins otherwise is a local registration."""
    checks = {"JY": check_jy, "SC": check_sc, "YB": check_yb}
    return checks.get(normalise(text)[:2], check_local_registration)(text)


def _serial(serial: int, digits: int) -> str:
    if not 0 <= serial < 10**digits:
        raise ValueError(f"顺序号{serial}超出{digits}位")
    return f"{serial:0{digits}d}"


def _with_check_digit(prefix: str, digits: str) -> str:
    from stdnum.iso7064 import mod_11_10

    return f"{prefix}{digits}{mod_11_10.calc_check_digit(digits)}"


def make_uscc(serial: int, kind: str = "92", region: str = "360202") -> str:
    """A well-formed synthetic credit code: ``kind`` is department and type, the serial below 1,000,000."""
    body = ("MA" if kind.startswith("9") else "50") + _serial(serial, 6)
    head = f"{kind}{region}{body}{organisation_check_character(body)}"
    return head + uscc_check_character(head)


def make_resident_id(serial: int, region: str = "360202") -> str:
    """A well-formed synthetic identity number, born in 1900–1926 so that it is no living person's."""
    from stdnum.cn import ric

    born = date(1900, 1, 1) + timedelta(days=serial % 9862)
    head = f"{region}{born:%Y%m%d}{_serial(serial // 9862, 3)}"
    return head + ric.calc_check_digit(head + "0")


def make_jy(kind: int | str, region: str, serial: int) -> str:
    """A well-formed synthetic food-business permit number; kind 1 sale, 2 catering, 3 canteen."""
    return _with_check_digit("JY", f"{kind}{region}{_serial(serial, 6)}")


def make_sc(category: int | str, region: str, serial: int) -> str:
    """A well-formed synthetic production permit number; category 101 is grain (rice)."""
    return _with_check_digit("SC", f"{category}{region}{_serial(serial, 4)}")


def make_yb(kind: int | str, region: str, serial: int) -> str:
    """A well-formed synthetic filing number for pre-packaged food."""
    return _with_check_digit("YB", f"{kind}{region}{_serial(serial, 6)}")
