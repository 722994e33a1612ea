"""Codes of parties, persons and permits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import identifiers as ids
from models.rules.phones import check_phone, is_mobile

REAL_USCC = ["91420222MADXAY8RXJ", "92130528MA0A5XB46A"]
REAL_JY = ["JY34202220183637", "JY23506230105266", "JY13602020000014", "JY23602020012345", "JY33602020000190"]


@pytest.mark.parametrize("code", REAL_USCC)
def test_real_credit_codes_pass_in_any_spelling(code: str) -> None:
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    for text in (code, code.lower(), f" {code[:8]} {code[8:17]}-{code[17]}\u200b", full_width):
        assert ids.check_uscc(text) == ids.CodeCheck(code, "uscc")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("92130528MA0A5XB46", "统一社会信用代码应为18位，现有17位：请对照营业执照补全"),
        ("92130528MA0A5XB46AA", "统一社会信用代码应为18位，现有19位：请对照营业执照删去多余的字符"),
        ("92130528MA0A5XB4OA", "统一社会信用代码第17位不能是“O”：请对照营业执照核对是否为数字0"),
        ("9213052AMA0A5XB46A", "统一社会信用代码第8位不能是“A”：请对照营业执照核对该位"),
        ("92130528MA0A5XB4!A", "统一社会信用代码第17位不能是“!”：请对照营业执照核对该位"),
    ],
)
def test_a_malformed_credit_code_is_an_error_that_names_the_mend(code: str, message: str) -> None:
    found = ids.check_uscc(code)
    assert found.error == message
    assert found.warning is None


def test_a_wrong_check_character_is_only_a_warning() -> None:
    found = ids.check_uscc("92130528MA0A5XB46B")
    assert found.error is None
    assert "应为A，现为B" in (found.warning or "")


def test_departments_that_begin_with_a_letter_are_accepted() -> None:
    code = ids.make_uscc(7, "N2")
    assert code.startswith("N2360202")
    assert ids.check_uscc(code).ok


def test_an_unknown_department_and_a_wrong_inner_code_are_doubted() -> None:
    assert "登记管理部门" in (ids.check_uscc(ids.make_uscc(7, "B1")).warning or "")
    head = "92360202MA000012"
    wrong = "0" if ids.organisation_check_character(head[8:]) != "0" else "1"
    code = head + wrong + ids.uscc_check_character(head + wrong)
    assert "第9至17位" in (ids.check_uscc(code).warning or "")


@given(st.integers(0, 999_999), st.sampled_from(["91", "92", "93", "11", "12", "51", "52", "N1", "Y1"]))
def test_made_credit_codes_are_valid_and_any_one_changed_sign_is_seen(serial: int, kind: str) -> None:
    code = ids.make_uscc(serial, kind)
    assert ids.check_uscc(code).ok
    place = serial % 18
    for sign in "0A7":
        if sign != code[place]:
            assert not ids.check_uscc(code[:place] + sign + code[place + 1 :]).ok


@given(st.text(max_size=30))
def test_no_text_breaks_a_check(text: str) -> None:
    checks = (
        ids.check_uscc, ids.check_party_code, ids.check_resident_id, ids.check_legacy_registration,
        ids.check_organisation_code, ids.check_permit_number, ids.check_jy, ids.check_sc, ids.check_yb, check_phone,
    )  # fmt: skip
    for check in checks:
        found = check(text)
        assert found.error is None or found.warning is None
        assert check(found.value).value == found.value


@pytest.mark.parametrize("code", ["MADXAY8RX", "MA0A5XB46"])
def test_organisation_codes(code: str) -> None:
    assert ids.check_organisation_code(code).ok
    assert ids.check_organisation_code(code[:8] + ("1" if code[8] != "1" else "2")).warning
    assert ids.check_organisation_code(code[:8]).error


def test_a_legacy_number_is_accepted_and_flagged() -> None:
    from stdnum.iso7064 import mod_11_10

    good = "36020260000123"
    good += mod_11_10.calc_check_digit(good)
    assert "旧版15位" in (ids.check_legacy_registration(good).warning or "")
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert "校验码不符" in (ids.check_legacy_registration(bad).warning or "")
    assert ids.check_legacy_registration(good[:14]).error
    assert ids.check_party_code(good).kind == "legacy"


def test_identity_numbers() -> None:
    # The sample of GB 11643-1999.
    assert ids.check_resident_id("11010519491231002x") == ids.CodeCheck("11010519491231002X", "resident_id")
    assert ids.check_resident_id("110105194912310021").warning
    assert "不是出生日期" in (ids.check_resident_id("110105194902300021").error or "")
    assert "已停用" in (ids.check_resident_id("110105491231002").error or "")
    assert "第18位" in (ids.check_resident_id("11010519491231002A").error or "")
    assert ids.check_party_code("11010519491231002X").kind == "resident_id"


@given(st.integers(0, 9_000_000))
def test_made_identity_numbers_are_valid_and_masked(serial: int) -> None:
    number = ids.make_resident_id(serial)
    assert ids.check_resident_id(number).ok
    masked = ids.mask_id(number)
    assert masked[10:14] == "****"
    assert masked[:10] + masked[14:] == number[:10] + number[14:]


def test_masking_shows_less_of_a_broken_number() -> None:
    assert ids.mask_id("") == ""
    assert ids.mask_id("3602021990") == "360202****"


@pytest.mark.parametrize("number", REAL_JY)
def test_real_business_permits_pass(number: str) -> None:
    assert ids.check_permit_number(f" {number[:2].lower()} {number[2:]}") == ids.CodeCheck(number, "jy")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert ids.check_jy(wrong).error is None
    assert "校验码" in (ids.check_jy(wrong).warning or "")


@given(st.integers(0, 9999), st.sampled_from([1, 2, 3]))
def test_made_permits_are_valid(serial: int, kind: int) -> None:
    assert ids.check_jy(ids.make_jy(kind, "360202", serial)).ok
    assert ids.check_sc(ids.make_sc(100 + kind, "360202", serial)).ok
    assert ids.check_yb(ids.make_yb(kind, "360202", serial)).ok


def test_permits_out_of_form() -> None:
    assert "补上JY" in (ids.check_jy("33602020000190").error or "")
    assert "应以JY开头" in (ids.check_jy(ids.make_sc(101, "360202", 1)).error or "")
    assert "现有13位数字" in (ids.check_jy("JY3360202000019").error or "")
    assert "第16位不能是“O”" in (ids.check_jy("JY3360202000019O").error or "")
    assert "主体业态" in (ids.check_jy(ids.make_jy(4, "360202", 1)).warning or "")
    assert "食品类别编码" in (ids.check_sc(ids.make_sc(199, "360202", 1)).warning or "")
    with pytest.raises(ValueError, match="超出6位"):
        ids.make_jy(1, "360202", 1_000_000)


def test_local_registrations_are_free_text() -> None:
    found = ids.check_permit_number(" 赣餐登字（２０２３） 第012号 ")
    assert found == ids.CodeCheck("赣餐登字（2023）第012号", "local")
    assert ids.check_local_registration("有").warning
    assert ids.check_local_registration("33602020000190").warning
    assert ids.check_local_registration("1" * 61).error


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("139 7980 1234", "13979801234"),
        ("+86-139-7980-1234", "13979801234"),
        ("13979801234 0798-8331234", "13979801234、0798-8331234"),
        ("１３９７９８０１２３４／8331234", "13979801234、0798-8331234"),
        ("(0798) 8331234转801、010-12345678", "0798-8331234转801、010-12345678"),
        ("13979801234、13979801234", "13979801234"),
        ("400 820 8820", "400-820-8820"),
        ("", ""),
    ],
)
def test_phones_are_tidied(text: str, value: str) -> None:
    found = check_phone(text)
    assert (found.value, found.error) == (value, None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1397980123", "应为11位，现有10位"), ("12979801234", "第2位"), ("0798-83312345", "应为7位，现有8位"),
        ("010-123456", "7或8位"), ("张三", "只能含数字"), ("83312", "区号"), ("13979801234、1397", "“1397”"),
    ],
)  # fmt: skip
def test_wrong_phones_are_named(text: str, part: str) -> None:
    found = check_phone(text, "负责人电话")
    assert found.error
    assert found.error.startswith("负责人电话“")
    assert part in found.error


def test_mobile_is_told_from_landline() -> None:
    assert is_mobile("13979801234")
    assert not is_mobile("0798-8331234")
