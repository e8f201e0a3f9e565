"""What every figure's test draws from."""

import itertools

import matplotlib.style
import pytest
from matplotlib.text import Text

from ankara.cleaning.sources import with_source
from diplolib import panel
from nbproof import labels, tables
from nbproof.figures import style


@pytest.fixture(scope="session")
def data(collection):
    names = ["agreements", "terms", "purposes", "purposes_by_protocol", "activities", "events"]
    found = {name: tables.read(collection, f"processed/{name}") for name in names}
    found |= {
        name: tables.read(collection, f"reference/{name}")
        for name in ("regions", "countries", "timeline_events", "periods")
    }
    return found


@pytest.fixture(scope="session", params=["en", "tr"])
def words(request):
    return labels.load(request.param)


@pytest.fixture(scope="session")
def traced_panel(collection, data):
    """The committed panel with what stands behind each of its rows."""
    governments, successions = (
        with_source(tables.read(collection, name), name)
        for name in ("reference/governments", "reference/party_successions")
    )
    built, elections = (tables.read(collection, f"processed/{n}") for n in ("panel", "elections"))
    in_office = panel.in_office(governments)
    switches = with_source(
        tables.read(collection, "reference/party_switches"), "reference/party_switches"
    )
    return panel.with_rows(built, elections, data["agreements"], in_office, successions, switches)


def extents(figure):
    """Each text that the figure draws, with its box in inches."""
    drawn = []
    draw = Text.draw

    def noted(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)
        draw(text, renderer)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Text, "draw", noted)
        with matplotlib.style.context(style.LOOK):
            figure.draw_without_rendering()
            boxes = [Text.get_window_extent(text) for text in drawn]
    return [
        (text, box.transformed(figure.dpi_scale_trans.inverted()))
        for text, box in zip(drawn, boxes, strict=True)
    ]


@pytest.fixture(scope="session")
def unreadable():
    """What no reader can read in a figure: "cut: text", "small: text", "over: text / text"."""

    def found(figure, allowed=0.01):
        """allowed: inches by which the boxes of two texts, or of one and the page, may overlap."""
        width, height = figure.get_size_inches()
        texts = extents(figure)
        said = []
        for text, box in texts:
            if not (
                -allowed < box.x0
                and box.x1 < width + allowed
                and -allowed < box.y0
                and box.y1 < height + allowed
            ):
                said.append(f"cut: {text.get_text()}")
            if text.get_fontsize() < style.SMALL:
                said.append(f"small: {text.get_text()}")
        for (one, a), (other, b) in itertools.combinations(texts, 2):
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            if across > allowed and up > 3 * allowed:
                said.append(f"over: {one.get_text()} / {other.get_text()}")
        return said

    return found
