"""D-14: no count of 1 to 4 can be worked out from what is shown, whatever is added and subtracted."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.results.small_cells import FEWEST, is_small, parts_to_show, periods, rows_to_show, together

COUNT = st.one_of(st.integers(0, 4), st.integers(5, 12))
FEW_EXAMPLES = settings(max_examples=60, deadline=None)
COLUMNS = st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=2, max_size=2)


def shown_of(columns, *, is_ordered):
    """What the pages say of one question: the whole, and each of its parts; None where nothing is said."""
    whole = [sum(cells) for cells in zip(*columns, strict=True)]
    apart = [[place] for place in range(len(whole))]
    classes = together([whole], apart, is_ordered=is_ordered)
    finer = together(columns, classes, is_ordered=is_ordered) if classes else []
    said_of_whole = [(tuple(one), sum(whole[at] for at in one)) for one in classes]
    return said_of_whole, [[(tuple(one), sum(column[at] for at in one)) for one in finer] for column in columns]


@FEW_EXAMPLES
@given(columns=COLUMNS, is_ordered=st.booleans())
def test_nothing_that_is_shown_is_small(columns, is_ordered):
    whole, parts = shown_of(columns, is_ordered=is_ordered)

    assert not any(is_small(count) for said in [whole, *parts] for _places, count in said)


@FEW_EXAMPLES
@given(columns=COLUMNS, is_ordered=st.booleans())
def test_no_small_count_follows_from_all_that_is_shown(columns, is_ordered):
    """Tries every table that would look the same: what is the same in all of them is known."""
    whole, parts = shown_of(columns, is_ordered=is_ordered)
    if not parts[0]:
        return
    known = [[set() for _cell in column] for column in columns]
    for first, second in product(fitting(parts[0]), fitting(parts[1])):
        if all(sum(first[at] + second[at] for at in places) == count for places, count in whole):
            for at in range(len(first)):
                known[0][at].add(first[at])
                known[1][at].add(second[at])

    assert not any(len(values) == 1 and is_small(min(values)) for column in known for values in column)


def fitting(said):
    """Columns that agree with what is said of them."""
    limits = [count for _at, count in sorted((at, count) for places, count in said for at in places)]
    for column in product(*(range(limit + 1) for limit in limits)):
        if all(sum(column[at] for at in places) == count for places, count in said):
            yield column


def test_neighbours_on_a_scale_are_counted_together_and_elsewhere_the_rarest():
    apart = [[0], [1], [2], [3]]

    assert together([[2, 30, 40, 9]], apart, is_ordered=True) == [[0, 1], [2], [3]]
    assert together([[2, 30, 40, 9]], apart, is_ordered=False) == [[0, 3], [1], [2]]


def test_where_everything_would_be_counted_together_nothing_is_shown():
    assert together([[38, 2]], [[0], [1]], is_ordered=False) == []


def test_a_choice_that_few_made_or_few_left_out_is_not_shown():
    assert rows_to_show([[30, 3, 0, 36]], [40]) == [0, 2]


@FEW_EXAMPLES
@given(st.dictionaries(st.integers(0, 5), st.integers(1, 12), min_size=1))
def test_parts_that_are_kept_back_are_enough_together(sizes):
    shown, kept_back = parts_to_show(sizes, blank=0)

    assert not any(is_small(sizes[part]) for part in shown)
    assert sorted([*shown, *kept_back]) == sorted(sizes)
    assert not shown or not is_small(sum(sizes[part] for part in kept_back))


@FEW_EXAMPLES
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8))
def test_weeks_are_joined_until_neither_side_is_small(weeks):
    joined = periods(weeks)

    assert [place for places in joined for place in places] in ([], list(range(len(weeks))))
    for side, places in product((0, 1), joined):
        count = sum(weeks[place][side] for place in places)
        assert count == 0 or count >= FEWEST
