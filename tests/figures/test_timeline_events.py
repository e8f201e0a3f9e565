"""The timeline's events: those on which the article's argument rests, as labels with lines."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplolib.figures import timeline
from nbproof.figures import card, style

YEARS = {"year_from": 1971, "year_to": 2021}


@pytest.fixture(scope="module")
def events(data):
    return data["events"].merge(data["timeline_events"], on="source", validate="1:1")


def plot(data, events=None, **limits):
    limits = YEARS | limits
    agreements = data["agreements"][data["agreements"]["year"].between(*limits.values())]
    return timeline.table(
        agreements, data["regions"], data["terms"], region_scheme="article_inferred", events=events,
        **limits,
    )  # fmt: skip


@pytest.fixture(scope="module")
def table(data, events):
    return plot(data, events)


def marks(table):
    return table[table["mark"] == "event"]


def test_without_events_the_table_is_as_before(data, table):
    got = card.canonical(plot(data))
    expected = card.canonical(table[table["mark"] != "event"])
    assert got == expected


def test_at_most_eight_events_are_chosen(data):
    assert 0 < len(data["timeline_events"]) <= 8


def test_each_chosen_event_is_one_of_the_article_s(data, events):
    got = len(events)
    expected = len(data["timeline_events"])
    assert got == expected


def test_an_event_outside_the_years_is_none(data, events):
    got = marks(plot(data, events, year_from=2000, year_to=2010))["year"].tolist()
    expected = sorted(year for year in events["year"] if 2000 <= year <= 2010)
    assert got == expected


def test_every_event_is_drawn_with_its_words(table, words):
    drawn = {text.get_text() for text in timeline.draw(table, words).axes[-1].texts}
    expected = set(marks(table)[words.column("text")])
    assert drawn == expected


def test_the_alt_text_names_the_events_where_they_are(data, table, words):
    got = [
        marks(table)["text"].iloc[0] in timeline.describe(marked, words)
        for marked in (table, plot(data))
    ]
    expected = [words.language == "en", False]
    assert got == expected


WIDTH, INCH = 5.0, 0.1


@given(st.lists(st.tuples(st.integers(0, 49), st.text("ab ", min_size=1, max_size=40)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_event_is_drawn_over_another(found):
    found = sorted(found)
    placed = timeline._placed(found, 0, INCH, (0, WIDTH))
    boxes = []
    for year, text, side, row in placed:
        wide, line = style.width_of(text, style.SMALL), year * INCH
        boxes.append(
            (
                line if side == "left" else line - wide,
                line + (wide if side == "left" else 0),
                row,
                line,
            )
        )
    for (left, right, row, line), (one, two, other, _) in itertools.permutations(boxes, 2):
        assert row != other or right <= one or two <= left
        assert row <= other or not one + 1e-9 < line < two - 1e-9
    assert all(left >= -1e-9 and right <= WIDTH for left, right, *_ in boxes)


def test_an_event_without_room_is_left_to_the_table():
    got = timeline._placed([(0, "much too long for a page so narrow")], 0, INCH, (0, 1))
    expected = []
    assert got == expected
