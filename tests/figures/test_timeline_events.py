"""The timeline's optional layer: the dated events that the article names."""

import pytest

from diplolib.figures import timeline
from nbproof import labels, tables
from nbproof.figures import card, style

YEARS = {"year_from": 1971, "year_to": 2021}


@pytest.fixture(scope="module")
def events(collection):
    return tables.read(collection, "processed/events")


def plot(data, events=None, **limits):
    limits = YEARS | limits
    agreements = data["agreements"][data["agreements"]["year"].between(*limits.values())]
    return timeline.table(
        agreements,
        data["regions"],
        data["terms"],
        region_scheme="article_inferred",
        events=events,
        **limits,
    )


@pytest.fixture(scope="module")
def table(data, events):
    return plot(data, events)


def marks(table):
    return table[table["mark"] == "event"]


def test_without_events_the_table_is_as_before(data, table):
    plain = plot(data)
    got = card.canonical(plain)
    expected = card.canonical(table[table["mark"] != "event"][plain.columns])
    assert got == expected


def test_an_empty_layer_draws_the_same_picture(data, events):
    words = labels.load("en")
    got = style.render(timeline.draw(plot(data, events.iloc[:0]), words), "png", 40)
    expected = style.render(timeline.draw(plot(data), words), "png", 40)
    assert got == expected


def test_every_event_of_the_years_is_a_mark(table, events):
    got = len(marks(table))
    expected = int(events["year"].between(1971, 2021).sum())
    assert got == expected


def test_an_event_has_its_words_in_both_languages_and_its_row(table, events):
    shown = events[events["year"].between(1971, 2021)]
    got = (
        marks(table).set_index("rows")[["text", "text_tr", "kind"]].sort_index().to_numpy().tolist()
    )
    expected = (
        shown.set_index("source")[["event", "event_tr", "kind"]].sort_index().to_numpy().tolist()
    )
    assert got == expected


def test_an_event_outside_the_years_is_none(data, events):
    got = marks(plot(data, events, year_from=2000, year_to=2010))["year"].between(2000, 2010).all()
    expected = True
    assert got == expected


def test_numbers_run_through_kind_after_kind(table):
    rows = marks(table)
    got = rows["number"].tolist()
    expected = list(range(1, len(rows) + 1))
    assert got == expected
    changes = int((rows["kind"] != rows["kind"].shift()).sum())
    assert changes == rows["kind"].nunique()


def test_every_kind_has_a_colour_and_a_name(events, words):
    got = [kind for kind in set(events["kind"]) if f"event.{kind}" not in words]
    expected = []
    assert got == expected
    assert set(events["kind"]) <= set(timeline.EVENTS)


def test_every_number_stands_under_its_year_and_in_the_key(table, words):
    figure = timeline.draw(table, words)
    under = {
        (int(text.get_text()), int(text.xy[0]))
        for text in figure.axes[0].texts
        if hasattr(text, "xy")
    }
    rows = marks(table)
    expected = set(zip(rows["number"], rows["year"], strict=True))
    assert under == expected
    key = [text.get_text() for text in figure.texts]
    lost = [n for n, year in expected if not any(t.startswith(f"{n}  {year}") for t in key)]
    assert lost == []


def test_the_alt_text_speaks_of_events_only_where_they_are(data, table, words):
    n = len(marks(table))
    got = [
        words.fill("timeline.alt.events", n=n) in timeline.describe(marked, words)
        for marked in (table, plot(data))
    ]
    expected = [True, False]
    assert got == expected


def test_a_span_keeps_its_last_year(table, events):
    got = marks(table).dropna(subset="year_to")["year_to"].tolist()
    spans = events[events["year"].between(1971, 2021)].dropna(subset="year_end")
    expected = spans["year_end"].tolist()
    assert sorted(got) == sorted(expected)
