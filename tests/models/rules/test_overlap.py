"""Who is in two places at once, and how long it really took, against counting minute by minute."""

from hypothesis import given
from hypothesis import strategies as st

from models.rules.overlap import Clash, Stretch, clashes, clock, minutes_passed, span_text

STRETCHES = st.lists(
    st.builds(Stretch, st.integers(0, 60), st.integers(0, 60), st.sampled_from("甲乙丙")), max_size=12
)


def shared(one: Stretch, other: Stretch) -> int:
    return len(set(range(one.begin, one.end)) & set(range(other.begin, other.end)))


@given(STRETCHES, st.integers(0, 5))
def test_a_clash_is_told_where_and_only_where_minutes_are_shared_elsewhere(
    stretches: list[Stretch], tolerance: int
) -> None:
    found = clashes(stretches, tolerance)
    by_later = {clash.later: clash for clash in found}
    assert len(by_later) == len(found)
    order = sorted(range(len(stretches)), key=lambda i: (stretches[i].begin, i))
    for place, i in enumerate(order):
        rivals = [j for j in order[:place] if stretches[j].place != stretches[i].place]
        most = max((shared(stretches[i], stretches[j]) for j in rivals), default=0)
        if most > tolerance:
            clash = by_later.pop(i)
            assert clash.minutes == most == shared(stretches[i], stretches[clash.earlier])
            assert stretches[clash.earlier].place != stretches[i].place
            assert clash.earlier in rivals
    assert not by_later


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=12))
def test_minutes_that_passed_are_counted_once(stretches: list[tuple[int, int]]) -> None:
    passed = {minute for begin, end in stretches for minute in range(begin, end)}
    assert minutes_passed(stretches) == len(passed)


def test_touching_is_no_clash_and_the_bound_is_still_allowed() -> None:
    morning, after = Stretch(540, 600, "甲"), Stretch(600, 660, "乙")
    assert clashes([morning, after]) == []
    early = Stretch(590, 660, "乙")
    assert clashes([morning, early]) == [Clash(1, 0, 10)]
    assert clashes([morning, early], 9) == [Clash(1, 0, 10)]
    assert clashes([morning, early], 10) == []


def test_the_same_place_is_no_second_place() -> None:
    long, short, elsewhere = Stretch(540, 720, "甲"), Stretch(550, 560, "甲"), Stretch(555, 600, "乙")
    assert clashes([long, short, elsewhere]) == [Clash(2, 0, 45)]


def test_times_are_written_with_two_digits() -> None:
    assert clock(545) == "09:05"
    assert span_text(0, 1439) == "00:00—23:59"
