"""The explorer's three charts, by Altair; the page's module gives them rows and colours.

Every chart takes its rows from data sets that the page fills (`alt.NamedData`) and its colours and words
from parameters, so that filters, languages and the dark scheme change no chart.
"""

import altair as alt
import vl_convert

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
NO_PADDING = {"left": 0, "right": 0, "top": 0, "bottom": 0}
PADDING = {
    "map": NO_PADDING,
    "timeline": {"left": 26, "right": 12, "top": 2, "bottom": 24},
    "ranking": NO_PADDING,
}
# The colours arrive with the page's style sheet; parameters need a first value of the right form.
NO_COLOURS = {
    "ink": "#000", "quiet": "#000", "hair": "#000", "paper": "#fff", "land": "#eee", "accent": "#000",
    "band": "#eee", "sequence": ["#ccc"] * 4, "regions": {}, "levels": {},
}  # fmt: skip


def runtime() -> str:
    """vega-embed with Vega and Vega-Lite as one script that needs nothing else."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def specifications() -> dict[str, dict]:
    """The charts by name, as Vega: compiled here once, not by each reader's browser."""
    charts = {"map": _map(), "timeline": _timeline(), "ranking": _ranking()}
    return {
        name: vl_convert.vegalite_to_vega(_finished(chart, PADDING[name]).to_dict())
        for name, chart in charts.items()
    }


def _finished(chart: alt.LayerChart, padding: dict) -> alt.LayerChart:
    # The page sets the size, and takes the room for the axes off it.
    chart = chart.properties(
        width=600, height=300, padding=padding, autosize=alt.AutoSizeParams(type="none")
    ).add_params(alt.param("theme", value=NO_COLOURS), alt.param("focus", value=""))
    return (
        chart.configure(background="transparent", font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11,
            labelColor=alt.expr("theme.quiet"),
            gridColor=alt.expr("theme.hair"),
            gridOpacity=0.7,
            domain=False,
            ticks=False,
            title=None,
        )
    )


def _map() -> alt.LayerChart:
    """Countries by number, a marker a place, great circles from the studied city."""
    filled = alt.expr("datum.class < 0 ? theme.land : theme.sequence[datum.class]")
    dimmed = alt.expr("datum.dimmed ? 0.3 : 1")
    place = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    land = (
        alt.Chart(alt.NamedData("shapes"))
        .transform_lookup(
            lookup="properties.code",
            from_=alt.LookupData(alt.NamedData("countries"), "code", ["class", "dimmed"]),
            default=None,
        )
        .transform_calculate(**{"class": "isValid(datum['class']) ? datum['class'] : -1"})
        .mark_geoshape(fill=filled, opacity=dimmed, stroke=alt.expr("theme.paper"), strokeWidth=0.6)
    )
    small = (
        alt.Chart(alt.NamedData("small"))
        .mark_circle(
            size=90, fill=filled, opacity=dimmed, stroke=alt.expr("theme.paper"), strokeWidth=0.6
        )
        .encode(**place)
    )
    arcs = alt.Chart(alt.NamedData("arcs")).mark_geoshape(
        filled=False, stroke=alt.expr("theme.accent"), strokeWidth=0.8, opacity=0.45
    )
    places = (
        alt.Chart(alt.NamedData("places"))
        .mark_circle(
            size=alt.expr("area * datum.n"),
            fill=alt.expr("theme.accent"),
            fillOpacity=0.9,
            opacity=alt.expr("datum.dimmed ? 0.18 : 1"),
            stroke=alt.expr("theme.paper"),
            strokeWidth=1,
            cursor="pointer",
        )
        .encode(**place)
    )
    ring = (
        alt.Chart(alt.NamedData("places"))
        .transform_filter("datum.id === focus")
        .mark_circle(
            size=alt.expr("area * datum.n + 160"),
            fill="transparent",
            stroke=alt.expr("theme.ink"),
            strokeWidth=2,
            opacity=1,
        )
        .encode(**place)
    )
    origin = alt.Chart(alt.NamedData("origin")).encode(**place)
    star = origin.mark_point(
        shape="M0,-1L0.29,-0.4L0.95,-0.31L0.48,0.15L0.59,0.81L0,0.5L-0.59,0.81L-0.48,0.15L-0.95,-0.31L-0.29,-0.4Z",
        size=110,
        fill=alt.expr("theme.ink"),
        stroke=alt.expr("theme.paper"),
        strokeWidth=0.8,
        opacity=1,
    )
    return alt.layer(land, small, arcs, places, ring, star).project(
        type="equalEarth",
        # Lines are straight on the plane, where parallels are straight too: a simplified border along
        # a parallel would bulge if it were drawn as a great circle. The page cuts its arcs itself.
        precision=0,
        # The whole globe is 5.41 times the scale wide.
        scale=alt.expr("zoom * width / 5.45"),
        translate=alt.expr("[width / 2 + shift[0] * width, height / 2 + shift[1] * width]"),
    ).add_params(
        alt.param("zoom", value=1), alt.param("shift", value=[0, 0]), alt.param("area", value=26)
    )  # fmt: skip


def _timeline() -> alt.LayerChart:
    """Agreements a year by region, over the bands of the mayors' terms; a brush chooses years."""
    x = alt.X(
        "from:Q",
        axis=alt.Axis(format="d", grid=False, tickMinStep=1, labelFlush=False, labelPadding=6),
        scale=alt.Scale(domainMin=alt.expr("first"), domainMax=alt.expr("last"), nice=False, zero=False),
    )  # fmt: skip
    bands = (
        alt.Chart(alt.NamedData("terms"))
        .mark_rect(fill=alt.expr("datum.odd ? theme.band : 'transparent'"))
        .encode(x=x, x2="to:Q")
    )
    edges = (
        alt.Chart(alt.NamedData("terms"))
        .mark_rule(stroke=alt.expr("theme.hair"), strokeDash=[2, 3])
        .encode(x=x)
    )
    words = alt.Chart(alt.NamedData("terms")).encode(x=x, y=alt.value(0))
    party = words.mark_text(
        align="left",
        baseline="top",
        dx=5,
        dy=5,
        fontSize=11,
        fontWeight="bold",
        color=alt.expr("theme.quiet"),
    ).encode(text="party:N")
    mayor = words.mark_text(
        align="left",
        baseline="top",
        dx=5,
        dy=20,
        fontSize=10.5,
        lineHeight=13,
        color=alt.expr("theme.quiet"),
    ).encode(text="lines:N")
    bars = (
        alt.Chart(alt.NamedData("years"))
        .transform_stack(
            stack="n", groupby=["year"], as_=["low", "high"], sort=[alt.SortField("order")]
        )
        .transform_calculate(**{"from": "datum.year - 0.42", "to": "datum.year + 0.42"})
        .mark_rect(
            fill=alt.expr("theme.regions[datum.region]"),
            stroke=alt.expr("datum.year + '' === focus ? theme.ink : theme.edge"),
            strokeWidth=alt.expr("datum.year + '' === focus ? 1.5 : 0.5"),
            opacity=alt.expr("datum.dimmed ? 0.22 : 1"),
        )
        .encode(
            x=x,
            x2="to:Q",
            y=alt.Y(
                "low:Q",
                axis=alt.Axis(format="d", tickMinStep=1, tickCount=5),
                scale=alt.Scale(domainMin=0, domainMax=alt.expr("top"), nice=False),
            ),
            y2="high:Q",
        )
    )
    brush = alt.selection_interval(
        name="brush",
        encodings=["x"],
        mark=alt.BrushConfig(
            fill="#7b8794", fillOpacity=0.16, stroke="#7b8794", strokeOpacity=0.9, cursor="move"
        ),
    )
    grip = (
        alt.Chart(alt.NamedData("years"))
        .transform_calculate(**{"from": "datum.year"})
        .mark_point(opacity=0, size=0)
        .encode(x=x)
        .properties(name="grip")
        .add_params(brush)
    )
    return alt.layer(bands, edges, bars, party, mayor, grip).add_params(
        alt.param("first", value=1900), alt.param("last", value=2100), alt.param("top", value=10)
    )


def _ranking() -> alt.LayerChart:
    """Who has most: a name, a number, and a bar in the colours of the levels."""
    rows = alt.NamedData("ranks")
    y = alt.Y("rank:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    dimmed = alt.expr("datum.dimmed ? 0.3 : 1")
    bars = (
        alt.Chart(rows)
        .transform_stack(
            stack="n", groupby=["rank"], as_=["low", "high"], sort=[alt.SortField("order")]
        )
        .mark_bar(
            height=7,
            yOffset=9,
            cursor="pointer",
            opacity=dimmed,
            fill=alt.expr("theme.levels[datum.level]"),
        )
        .encode(
            y=y,
            x=alt.X(
                "low:Q",
                axis=None,
                scale=alt.Scale(domainMin=0, domainMax=alt.expr("top"), nice=False),
            ),
            x2="high:Q",
        )
    )
    words = alt.Chart(rows).transform_filter("datum.order === 0").encode(y=y)
    style = {
        "dy": -5,
        "baseline": "middle",
        "fontSize": 12.5,
        "cursor": "pointer",
        "opacity": dimmed,
    }
    names = words.mark_text(
        align="left",
        limit=alt.expr("width - 40"),
        color=alt.expr("theme.ink"),
        fontWeight=alt.expr("datum.chosen || datum.key === focus ? 'bold' : 'normal'"),
        **style,
    ).encode(x=alt.value(0), text="label:N")
    counts = words.mark_text(
        align="right", color=alt.expr("theme.ink"), fontWeight="bold", **style
    ).encode(x=alt.value("width"), text="said:N")
    return alt.layer(bars, names, counts).add_params(alt.param("top", value=10))
