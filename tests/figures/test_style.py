"""The look that all figures share: typeface, page, dark colours, and what an SVG carries."""

import base64
import hashlib
import io
import itertools
import re
import string
import textwrap
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from ankara.figures import (
    claims,
    education,
    engagements,
    party_history,
    purposes,
    sensitivity_claims,
    staff,
    units,
)
from diplolib.figures import bars, colours, partners_distance, world_map
from nbproof.figures import style

TURKISH = "çğıöşüÇĞİÖŞÜâîûÂÎÛ"
LONG = "Districts have signed more agreements than the metropolitan municipality since 1999"


@style.styled
def drawn(title=LONG, phone=False, letters=""):
    figure = style.page(1.5, title, "By year", "Source: Table 4. " * 12, phone=phone)
    axis = figure.add_axes(style.box(figure, 0.3, 0.3, 3, 1.1))
    axis.plot([1, 2], [3, 4], color=style.ACCENT)
    figure.text(0.3, 0.5, letters)
    return figure


@pytest.fixture(scope="module")
def svg():
    return style.render(drawn(), "svg", alt="Two lines, a < b").decode()


@pytest.mark.parametrize("weight", style.FACES)
def test_the_typeface_has_every_turkish_letter(weight):
    known = TTFont(style.FACES[weight]).getBestCmap()
    got = [letter for letter in TURKISH if ord(letter) not in known]
    expected = []
    assert got == expected


@pytest.mark.parametrize("weight", style.FACES)
def test_every_digit_is_equally_wide(weight):
    font = TTFont(style.FACES[weight])
    got = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in string.digits}
    assert len(got) == 1


@pytest.mark.parametrize("weight", style.FACES)
def test_the_typeface_is_the_file_that_its_page_names(weight):
    path = style.FACES[weight]
    row = f"| `{path.name}` | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
    got = row in path.with_name("README.md").read_text("utf-8").splitlines()
    expected = True
    assert got == expected


@pytest.mark.parametrize("phone", [False, True])
def test_a_page_cuts_no_text_and_prints_none_over_another(phone, unreadable):
    got = unreadable(drawn(phone=phone))
    expected = []
    assert got == expected


@style.styled
def spoilt(fault):
    figure = drawn("Short")
    if fault == "cut":
        figure.text(0.9, 0.5, "a text that reaches out of the page")
    elif fault == "over":
        figure.text(0.1, 0.5, "one text")
        figure.text(0.12, 0.5, "another")
    else:
        figure.text(0.1, 0.5, "tiny", fontsize=7)
    return figure


@pytest.mark.parametrize("fault", ["cut", "over", "small"])
def test_a_text_that_nobody_can_read_is_found(fault, unreadable):
    got = [said.split(":")[0] for said in unreadable(spoilt(fault))]
    expected = [fault]
    assert got == expected


def test_a_wrapped_line_is_as_wide_as_measured():
    got = max(style.width_of(line) for line in style.wrap(LONG, 1.5).split("\n"))
    assert 1 < got <= 1.5


def test_a_wrapped_line_has_no_room_for_the_next_word():
    lines = style.wrap(LONG, 1.5).split("\n")
    longer = [f"{line} {after.split(' ')[0]}" for line, after in itertools.pairwise(lines)]
    got = min(map(style.width_of, longer))
    assert got > 1.5


def test_a_word_wider_than_the_page_stays_whole():
    got = style.wrap("Büyükşehirbelediyesi", 0.2)
    expected = "Büyükşehirbelediyesi"
    assert got == expected


def test_an_svg_says_its_title_and_its_alt_text(svg):
    root = ET.fromstring(svg)
    got = [root.get("role"), *(child.text for child in list(root)[:2])]
    expected = ["img", LONG, "Two lines, a < b"]
    assert got == expected


def embedded(svg):
    return {
        int(weight): base64.b64decode(data)
        for weight, data in re.findall(
            r"font-weight:(\d+);src:url\(data:font/ttf;base64,([^)]+)", svg
        )
    }


def test_an_svg_carries_the_letters_that_it_uses(svg):
    letters = TTFont(io.BytesIO(embedded(svg)[700])).getBestCmap()
    got = {chr(code) for code in letters}
    expected = set(LONG)
    assert got == expected


def test_the_letters_of_an_svg_are_at_most_40_kilobytes():
    every = TURKISH + string.printable.strip() + "–—“”’…·−×→½"
    svg = style.render(drawn(every, letters="\n".join(textwrap.wrap(every, 30))), "svg").decode()
    got = sum(len(base64.b64encode(data)) for data in embedded(svg).values())
    assert got <= 40_000


def contrast(one, other):
    """Of two colours, by the web's accessibility guidelines."""

    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted(luminance(colour) + 0.05 for colour in (one, other))
    return high / low


@pytest.mark.parametrize("colour", [style.INK, style.QUIET, style.ACCENT])
@pytest.mark.parametrize("seen", [str, style.in_the_dark], ids=["light", "dark"])
def test_a_text_stands_out_from_its_paper(colour, seen):
    got = contrast(seen(colour), seen(style.PAPER))
    assert got >= 4.5


def test_every_colour_of_an_svg_has_one_for_the_dark(svg):
    light, dark = (set(re.findall(r"--c(\w+):", part)) for part in svg.split("@media")[:2])
    got = set(re.findall(r"(?:fill|stroke): #([0-9a-f]{6})", svg))
    assert got == light == dark


def test_a_hatch_has_a_dark_ground():
    figure = drawn()
    figure.axes[0].bar(1, 3, color=style.PAPER, hatch="//////")
    svg = style.render(figure, "svg").decode()
    (ground,) = re.findall(r"<pattern.*?<rect ([^>]*)/>", svg, re.S)
    got = re.findall(r"fill: #(\w+)", ground), "fill=" in ground
    expected = [style.PAPER[1:]], False
    assert got == expected


def test_the_readers_own_settings_change_no_byte():
    import matplotlib

    with matplotlib.rc_context({"font.family": "serif", "font.size": 20}):
        got = style.render(drawn(), "svg")
    expected = style.render(drawn(), "svg")
    assert got == expected


@pytest.mark.parametrize("text", ["a\nb", "$5"])
def test_a_title_is_read_as_it_was_written(text):
    figure = drawn(text)
    got, _ = style.headings(figure)
    expected = text.replace("\n", " ")
    assert got == expected
    assert isinstance(figure, Figure)


# What someone sees who lacks a kind of cone, of linear red, green and blue (Machado, Oliveira and Fernandes 2009).
EYES = {
    "every cone": np.eye(3),
    "no red": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}  # fmt: skip
PALETTES = {
    "regions": [*colours.REGIONS.values()],
    "accent": [style.ACCENT, style.REST, style.PAPER],
    "land": [style.LAND, world_map.PARTNER],
    "kinds": [*world_map.KINDS.values()],
    "verdicts": [*claims.COLOURS.values()][:-1],  # the last one is hatched
    "alignment": [*party_history.STATUSES.values()][:-1],
    "engagements": [*engagements.COLOURS.values()],
    "distances": [fill for fill, _ in partners_distance.KINDS.values()],
    "education": [*education.COLOURS.values()],
    "units": [*units.COLOURS.values()][:-1],
    "reports": [*purposes.REPORTS.values()],
    "turning": [*sensitivity_claims.GROUPS.values()],
    "posts": [*staff.COLOURS.values()][:-1],
    "stacked": [bars.DARK, bars.LIGHT, bars.PALE],
}


def seen(colour, eyes):
    rgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(EYES[eyes] @ linear, 0, 1)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


@pytest.mark.parametrize("paper", [str, style.in_the_dark], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("palette", PALETTES)
def test_colours_are_told_apart_by_every_eye(palette, eyes, paper):
    """0.02 is the least difference that is noticed; between marks apart from each other it has to be more."""
    found = [style.oklab(seen(paper(colour), eyes)) for colour in PALETTES[palette]]
    got = min(np.linalg.norm(a - b) for a, b in itertools.combinations(found, 2))
    assert got > 0.05
