"""The purposes: no frequency from three protocols, the full one from a generated coding."""

import pandas as pd
import pytest

from ankara.figures import purposes


def plot(data, protocols=None, needed=48):
    protocols = data["purposes_by_protocol"] if protocols is None else protocols
    return purposes.table(data["purposes"], protocols, data["activities"], min_protocols=needed)


@pytest.fixture(scope="module")
def generated(data):
    """A coding of 48 protocols: agreement k has the purposes at positions 1 … k mod 37."""
    ids = data["agreements"].query("level == 'metropolitan'")["agreement_id"].head(48)
    names = data["purposes"]["purpose"].tolist()
    rows = [
        (agreement, purpose)
        for number, agreement in enumerate(ids)
        for purpose in names[: number % 37 + 1]
    ]
    return pd.DataFrame(rows, columns=["agreement_id", "purpose"])


def test_three_protocols_are_no_frequency(data):
    table = plot(data)
    got = table.loc[table["mark"] == "purpose", "protocols"].notna().any()
    expected = False
    assert got == expected


def test_every_listed_purpose_is_in_the_table(data):
    table = plot(data)
    got = set(table["purpose"].dropna())
    expected = set(data["purposes"]["purpose"])
    assert got == expected


def test_the_activities_add_up(data):
    got = int(plot(data)["activities"].sum())
    expected = 19
    assert got == expected


def test_a_full_coding_gives_the_frequency(data, generated):
    table = plot(data, generated)
    got = table[table["mark"] == "purpose"].set_index("purpose")["protocols"].to_dict()
    expected = dict.fromkeys(data["purposes"]["purpose"], 0)
    expected |= generated["purpose"].value_counts().to_dict()
    assert got == expected


def test_the_frequency_is_drawn_bar_by_bar(data, generated, words):
    table = plot(data, generated)
    figure = purposes.draw(table, words)
    got = [bar.get_width() for bar in figure.axes[0].containers[0]]
    expected = table.loc[table["mark"] == "purpose", "protocols"].tolist()
    assert got == expected


def test_the_frequency_says_how_many_protocols_are_coded(data, generated, words):
    text = purposes.describe(plot(data, generated), words)
    got = "48" in text
    expected = True
    assert got == expected


def test_how_many_are_needed_is_the_reader_s_choice(data):
    table = plot(data, needed=3)
    got = int(table.loc[table["mark"] == "purpose", "protocols"].sum())
    expected = 5
    assert got == expected


def test_no_bar_is_drawn_without_a_frequency(data, words):
    figure = purposes.draw(plot(data), words)
    got = [axis.containers for axis in figure.axes]
    expected = [[], []]
    assert got == expected


def test_each_purpose_is_drawn_with_a_square(data, words):
    figure = purposes.draw(plot(data), words)
    got = len(figure.axes[0].collections)
    expected = 37
    assert got == expected


def test_the_grid_shows_the_activities(data, words):
    table = plot(data)
    figure = purposes.draw(table, words)
    got = sorted(text.get_text() for text in figure.axes[1].texts)
    expected = sorted(str(n) for n in table["activities"].dropna())
    assert got == expected


def test_a_frequency_that_is_not_published_is_said_to_be_so(data, words):
    text = purposes.describe(plot(data), words)
    got = [part in text for part in ("37", "20")]
    expected = [True, True]
    assert got == expected
