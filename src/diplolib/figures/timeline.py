"""Agreements a year of each level, and what moved between the regions."""

import itertools
from collections.abc import Iterable, Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from diplolib.figures import colours, shared, totals
from diplolib.levels import LEVELS
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# Instead of a region's name: the one whose share grew most
MOVED = "moved"
# Up to so many agreements a year, each is a square of its own.
SQUARES = 30
# In inches: a line of small type; room for a lane's name, for the numbers left of it, and the tallest
# lane, the running totals, a region's panel
ROW, NAME, LEFT, TALLEST, TOTAL, PANEL = 0.145, 0.24, 0.28, 1.6, 0.95, 0.55
# The running totals, by level
LOOKS = [(style.INK, "-"), (style.INK, (0, (3, 1))), (style.QUIET, "-"), (style.INK, (0, (1, 1.2)))]
LOOKS += [(style.QUIET, (0, (6, 1, 1, 1)))]


def table(
    agreements: pd.DataFrame,
    schemes: pd.DataFrame,
    terms: pd.DataFrame,
    *,
    region_scheme: str,
    year_from: int,
    year_to: int,
    accent: str = MOVED,
    events: pd.DataFrame | None = None,
    levels: Sequence[str] = LEVELS,
) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    agreements: rows of processed/agreements. schemes: reference/regions. terms: processed/terms.
    accent: the region shown in colour, or MOVED. events: rows of processed/events with the columns label
    and label_tr, a few words each, or None for none. levels: in the order of their lanes.

    Returns mark, scheme, level, region, year, year_to,
    text, text_tr, agreements, rows; marks: `bar` (level, year, region), `cumulative` (level, year; its
    rows are in order of years), `accent` (the region in colour; year: half of the agreements are
    earlier), `total` (each scheme's regions), `term` (year, year_to, text: party and mayors) and `event`
    (year, text). rows: the agreements counted, or the row of the term or event.
    """
    agreements = agreements.sort_index()
    region = totals.region_of(agreements, region_scheme, schemes)
    bars = references.counted(agreements, ["level", "year", region], "agreements", "agreement_id")
    bars = bars.assign(mark="bar", scheme=region_scheme)
    running = _running(agreements, year_from, year_to)
    order = {name: place for place, name in enumerate([*levels, *colours.REGIONS])}
    sums = totals.rows(agreements, schemes)
    marks = [bars, running, _accent(agreements, region, accent).assign(scheme=region_scheme), sums]
    marks += [_bands(terms, year_from, year_to)]
    if events is not None:
        shown = events[events["year"].between(year_from, year_to)].sort_values(
            "year", kind="stable"
        )
        shown = shown.rename(columns={"label": "text", "label_tr": "text_tr", "source": "rows"})
        marks.append(shown[["year", "text", "text_tr", "rows"]].assign(mark="event"))
    marks = pd.concat(marks, ignore_index=True)
    kinds = ["bar", "cumulative", "accent", "total", "term", "event"]
    marks = marks.assign(kind=marks["mark"].map(kinds.index), first=marks["level"].map(order))
    marks["last"] = marks["region"].map(order)
    keys = ["kind", "scheme", "first", "year", "last"]
    marks = marks.sort_values(keys, na_position="first", kind="stable")
    columns = ["mark", "scheme", "level", "region", "year", "year_to", "text", "text_tr"]
    whole = {"year": "Int64", "year_to": "Int64", "agreements": "Int64"}
    marks = marks.reindex(columns=[*columns, "agreements", "rows"])
    return marks.astype(whole).reset_index(drop=True)


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Who has more agreements, and since when; of one level alone, its busiest year."""
    running = table[table["mark"] == "cumulative"]
    counts = running.groupby("level", sort=False)["agreements"].last()
    if len(counts) == 1:
        by_year = table[table["mark"] == "bar"].groupby("year")["agreements"].sum()
        peak = by_year[by_year == by_year.max()]
        key = f"timeline.title.only.{'peak' if len(peak) == 1 else 'even'}"
        level = labels[f"timeline.panel.{running['level'].iloc[0]}"]
        return labels.fill(key, level=level, n=by_year.sum(), peak=peak.iloc[0], year=peak.index[0])
    ahead, year = _overtaken(running)
    if {*counts.index} == {*LEVELS}:
        key = f"timeline.title.{'overtook.' if year else ''}{ahead}"
        return labels.fill(key, year=year, **counts)
    most = counts == counts.max()
    key = "since" if year else "most" if most.sum() == 1 else "even"
    named = [
        labels.listing(labels[f"level.{level}"] for level in counts.index[of])
        for of in (most, ~most)
    ]
    return labels.fill(
        f"timeline.title.levels.{key}", level=named[0], other=named[1], year=year, n=counts.max(),
        of=counts.sum(), against=counts.min(), levels=len(counts),
    )  # fmt: skip


@style.styled
def draw(table: pd.DataFrame, labels: Labels, *, phone: bool = False) -> Figure:
    """A lane a level, the running totals, and a small panel a region, all over the same years.

    One agreement is equally tall in all lanes. Under the metropolitan lane stand parties and mayors,
    above it the events.
    """
    marks = dict(iter(table.groupby("mark", sort=False)))
    bars, running = marks["bar"], marks["cumulative"]
    colour = marks["accent"]["region"].iloc[0]
    levels = list(running["level"].unique())
    limits = (running["year"].min() - 0.5, running["year"].max() + 0.5)
    regions = [region for region in colours.REGIONS if region in set(bars["region"])]
    ends = [_end(running, level, labels) for level in levels]
    right = max(style.width_of(end, style.SMALL) for end in ends) + 0.1
    width = (style.PHONE if phone else style.WIDTH) - 2 * style.MARGIN
    span = width - LEFT - right
    highest = {level: max(4, _most(bars[bars["level"] == level])) + 0.2 for level in levels}
    unit = min(span / (limits[1] - limits[0]), TALLEST / max(highest.values()))
    inch = span / (limits[1] - limits[0])
    events = _placed(_events(marks, labels), limits[0], inch, (-LEFT, span + right))
    strip = _strip(marks, limits[0], inch, right) if "metropolitan" in levels else []
    lines = max((text.count("\n") + 1 for _, text, _ in strip), default=-1) + 1
    across = 3 if phone else max(3, len(regions))
    deep = -(-len(regions) // across)
    # Where everything stands, from the top, in inches
    top = ROW * (max((level for *_, level in events), default=-1) + 1)
    down = top
    places = {}
    for level in levels:
        down += NAME + unit * highest[level]
        places[level] = down
        down += 0.25
        if strip and level == "metropolitan":
            down += ROW * lines + 0.05
    total = max(TOTAL, 2 * ROW * len(levels))
    places["total"] = down + NAME + total
    body = places["total"] + 0.3 + deep * (PANEL + NAME + 0.22)
    split = marks["accent"].iloc[0]
    texts = _subtitle(bars, split, labels), _note(marks, labels)
    figure = style.page(body, title(table, labels), *texts, phone=phone)
    for level in levels:
        place = style.box(figure, LEFT, body - places[level], span, unit * highest[level])
        axis = figure.add_axes(place, xlim=limits, ylim=(0, highest[level]))
        _bars(axis, bars[bars["level"] == level], colour, unit, _most(bars) <= SQUARES)
        _named(axis, labels[f"timeline.panel.{level}"])
        for year in {year for year, *_ in events}:
            axis.axvline(year, color=style.QUIET, linewidth=0.5, zorder=1, label="event")
    axis = figure.add_axes(
        style.box(figure, LEFT, body - places["total"], span, total), xlim=limits
    )
    _lines(axis, running, levels, ends, total)
    _named(axis, labels["timeline.panel.cumulative"])
    if strip:
        low = body - places["metropolitan"] - 0.25 - ROW * lines
        axis = figure.add_axes(style.box(figure, LEFT, low, span, ROW * lines), xlim=limits)
        _draw_strip(axis, marks["term"], strip, lines)
    for number, region in enumerate(regions):
        row, column = divmod(number, across)
        each = (width - LEFT + 0.1) / across
        low = body - places["total"] - 0.3 - (row + 1) * (PANEL + NAME + 0.22) + 0.22
        place = style.box(figure, LEFT + column * each, low, each - 0.1, PANEL)
        axis = figure.add_axes(place, xlim=limits)
        _region(axis, bars, marks["total"], region, region == colour, column == 0, labels)
    for axis in figure.axes:
        axis.tick_params(length=2.5, pad=2)
        style.despine(axis, "left")
    if events:
        high = NAME + top
        low = body - places[levels[0]] + unit * highest[levels[0]]
        axis = figure.add_axes(
            style.box(figure, LEFT, low, span, high), xlim=limits, ylim=(0, high)
        )
        _draw_events(axis, events, inch)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the finding, totals by level, peak years, totals by region under all schemes."""
    years = table.loc[table["mark"] == "cumulative", "year"]
    bars = table[table["mark"] == "bar"]
    facts = {"n": int(bars["agreements"].sum()), "first": years.min(), "last": years.max()}
    said = [title(table, labels) + ".", labels.fill("timeline.alt", **facts)]
    for level, own in bars.groupby("level", sort=False):
        by_year = own.groupby("year")["agreements"].sum()
        facts = {"n": by_year.sum(), "peak": by_year.max(), "year": by_year.idxmax()}
        said.append(labels.fill(f"timeline.alt.{level}", **facts))
    said += totals.sentences(table, labels)
    if (events := table[table["mark"] == "event"]).size:
        text = labels.column("text")
        named = [
            f"{text} ({year})" for text, year in zip(events[text], events["year"], strict=True)
        ]
        said.append(labels.fill("timeline.alt.events", events=labels.listing(named)))
    return " ".join(said)


def _accent(agreements: pd.DataFrame, region: pd.Series, chosen: str) -> pd.DataFrame:
    """The region in colour: the one whose share grew most from the earlier to the later half."""
    half = int(agreements["year"].median())
    if chosen == MOVED:
        later = (agreements["year"] >= half).map({True: "later", False: "earlier"})
        shares = pd.crosstab(region, later, normalize="columns")
        known = shares.reindex(columns=["earlier", "later"], fill_value=0).drop(
            "unidentified", errors="ignore"
        )
        chosen = (known["later"] - known["earlier"]).idxmax() if len(known) else "unidentified"
    rows = agreements.loc[region == chosen, "agreement_id"]
    counted = {"region": chosen, "agreements": len(rows), "rows": references.joined(rows)}
    return pd.DataFrame([{"mark": "accent", "year": half, **counted}])


def _running(agreements: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """Each level's running total, and all agreements up to each year."""
    by_year = references.counted(agreements, ["level", "year"], "agreements", "agreement_id")
    levels = by_year["level"].unique()
    years = pd.RangeIndex(year_from, year_to + 1)
    every = pd.MultiIndex.from_product([levels, years], names=["level", "year"])
    running = by_year.set_index(every.names).reindex(every)
    running["agreements"] = running["agreements"].fillna(0).groupby("level").cumsum()
    running["rows"] = running["rows"].fillna("").groupby("level").transform(_up_to)
    running["rows"] = running["rows"].where(running["rows"] != "")
    return running.reset_index().assign(mark="cumulative")


def _up_to(cells: pd.Series) -> list[str]:
    return [
        cell.strip(references.SEPARATOR)
        for cell in itertools.accumulate(cells, lambda one, two: f"{one}{two and ';' + two}")
    ]


def _bands(terms: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """The terms that fall into the years shown; a band starts with its election year."""
    ends = terms["year_to"].fillna(year_to + 1)
    bands = terms[(terms["year_from"] <= year_to) & (ends > year_from)]
    return pd.DataFrame({
        "mark": "term", "text": bands["party"] + "\n" + bands["mayor"], "rows": bands["source"],
        "year": bands["year_from"].clip(lower=year_from),
        "year_to": ends[bands.index].clip(upper=year_to + 1),
    })  # fmt: skip


def _overtaken(running: pd.DataFrame) -> tuple[str, int | None]:
    """Of two levels the one with more agreements ("equal": none), and the year of its overtaking."""
    sums = running.pivot(index="year", columns="level", values="agreements").astype(int)
    if len(sums.columns) != 2:
        return "", None
    one, other = sums.columns
    lead = sums[other] - sums[one]
    if lead.iloc[-1] == 0:
        return "equal", None
    ahead = lead * lead.iloc[-1]
    behind = ahead[ahead < 0]
    year = ahead[(ahead > 0) & (ahead.index > behind.index[-1])].index[0] if len(behind) else None
    return (other if lead.iloc[-1] > 0 else one), year


def _subtitle(bars: pd.DataFrame, accent, labels: Labels) -> str:
    """How many agreements, and how the region in colour moved."""
    later = bars["year"] >= accent["year"]
    of = bars["region"] == accent["region"]
    count = lambda which: int(bars.loc[which, "agreements"].sum())  # noqa: E731
    facts = {
        "n": count(bars.index), "region": labels[f"region.{accent['region']}"],
        "some": int(accent["agreements"]), "year": accent["year"], "before": count(~later),
        "after": count(later), "early": count(of & ~later), "late": count(of & later),
        "each": labels["timeline.each"] if _most(bars) <= SQUARES else "",
    }  # fmt: skip
    key = "timeline.subtitle.halves" if facts["before"] else "timeline.subtitle"
    return labels.fill(key, **facts)


def _note(marks: dict, labels: Labels) -> str:
    other = next(
        (s for s in marks["total"]["scheme"] if s != marks["accent"]["scheme"].iloc[0]), ""
    )
    said = [labels["timeline.foot"]]
    if other:
        said.append(labels.fill("timeline.brackets", other=labels[f"scheme.{other}"]))
    return " ".join(said)


def _end(running: pd.DataFrame, level: str, labels: Labels) -> str:
    """What stands at the end of a level's line."""
    last = running.loc[running["level"] == level, "agreements"].iloc[-1]
    return f"{labels['level.' + level]}\n{labels.number(last)}"


def _bars(axis, bars: pd.DataFrame, colour: str, unit: float, squares: bool) -> None:
    """The region in colour stands lowest; a thin line between agreements, where they are few."""
    first = bars.assign(other=bars["region"] != colour).sort_values("other", kind="stable")
    below = first.groupby("year")["agreements"].cumsum() - first["agreements"]
    for region, rows in first.groupby("region", sort=False):
        axis.bar(
            rows["year"].astype(int), rows["agreements"].astype(int),
            bottom=below[rows.index].astype(int), width=0.86, linewidth=0, zorder=3, label=region,
            color=style.ACCENT if region == colour else style.REST,
        )  # fmt: skip
    sums = bars.groupby("year")["agreements"].sum()
    cuts = [(year, height) for year, n in sums.items() for height in range(1, n)]
    if cuts and squares:
        x, y = pd.DataFrame(cuts, columns=["x", "y"], dtype=float).to_numpy().T
        axis.hlines(y, x - 0.43, x + 0.43, color=style.PAPER, linewidth=8 * unit, zorder=4)
    _years(axis)
    axis.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=max(1, _inches(axis)[1] // 0.25)))


def _lines(axis, running: pd.DataFrame, levels: list[str], ends: list[str], total: float) -> None:
    """At its end stand each line's name and number, apart from each other."""
    top = max(1, running["agreements"].max())
    axis.set_ylim(0, top * 1.08)
    tall = 2 * ROW * top * 1.08 / total
    last, floor = running["year"].max(), 0.0
    found = {level: running[running["level"] == level] for level in levels}
    heights = {level: rows["agreements"].iloc[-1] for level, rows in found.items()}
    for above, level in zip(range(len(levels))[::-1], sorted(levels, key=heights.get), strict=True):
        colour, dashes = LOOKS[levels.index(level) % len(LOOKS)]
        axis.step(
            found[level]["year"].astype(int), found[level]["agreements"].astype(int), where="post",
            color=colour, linestyle=dashes, linewidth=1.6, label=level,
        )  # fmt: skip
        middle = max(heights[level], floor + tall / 2)
        if len(levels) > 2:  # many names stay beside their panel
            middle = min(middle, top * 1.08 - tall * (above + 0.5))
        look = {"color": colour, "linespacing": style.LINE, "annotation_clip": False}
        shared.beside(axis, (last + 0.5, middle), ends[levels.index(level)], 4, **look)
        floor = middle + tall / 2
    ahead, year = _overtaken(running)
    if year:
        height = found[ahead].set_index("year")["agreements"][year]
        axis.scatter([year], [height], s=16, color=style.ACCENT, zorder=5, label="overtaking")
        axis.annotate(
            str(year), (year, height), xytext=(-3, 4), textcoords="offset points", ha="right",
            color=style.ACCENT, fontweight="bold", fontsize=style.SMALL,
        )  # fmt: skip
    _years(axis)
    axis.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))


def _region(
    axis, bars: pd.DataFrame, sums: pd.DataFrame, region: str, colour: bool, first: bool, labels: Labels
) -> None:  # fmt: skip
    """A region's agreements a year, of all levels; all regions on one scale.

    In brackets stands the number under another scheme, where it is another.
    """
    own = bars[bars["region"] == region]
    below = own.groupby("year")["agreements"].cumsum() - own["agreements"]
    axis.bar(
        own["year"].astype(int), own["agreements"].astype(int), bottom=below.astype(int), width=0.9,
        color=style.ACCENT if colour else style.QUIET, linewidth=0, label=region,
    )  # fmt: skip
    axis.set_ylim(0, bars.groupby(["region", "year"])["agreements"].sum().max())
    counts = sums[sums["region"] == region].groupby("scheme")["agreements"].sum()
    number = labels.number(own["agreements"].sum())
    others = [labels.number(n) for s, n in counts.items() if s != own["scheme"].iloc[0]]
    others = [f" ({other})" for other in others if other != number]
    name = "".join([labels[f"region.{region}"], " ", number, *others])
    axis.text(
        0, 1.06, name, transform=axis.transAxes, fontsize=style.SMALL, fontweight="bold",
        color=style.ACCENT if colour else style.INK,
    )  # fmt: skip
    first_year, last_year = axis.get_xlim()
    years = sorted({round(first_year + 0.5), round(last_year - 0.5)})
    axis.set_xticks(years, list(map(str, years)))
    for label, side in zip(axis.get_xticklabels(), ("left", "right"), strict=False):
        label.set_ha(side)
    axis.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=2))
    axis.tick_params(left=first, labelleft=first)


def _events(marks: dict, labels: Labels) -> list[tuple[int, str]]:
    events = marks.get("event")
    if events is None:
        return []
    return [(row["year"], style.plain(row[labels.column("text")])) for _, row in events.iterrows()]


def _placed(
    events: Iterable[tuple[int, str]], start: float, inch: float, page: tuple[float, float]
) -> list[tuple[int, str, str, int]]:
    """Each event with its text's side of the line and its row above the lane.

    From the last to the first, each in the lowest row where its text meets no other text and no line,
    and no text lies over its own line. page: from where to where a text may reach. An event without
    such a row keeps its line, and its text stands in the table.
    """
    found, taken = [], []  # taken: left, right, row, and the place of the line
    for year, text in reversed(list(events)):
        line, wide = (year - start) * inch, style.width_of(text, style.SMALL) + 0.05
        for side, row in itertools.product(("left", "right"), range(12)):
            left = line if side == "left" else line - wide
            right = left + wide
            if page[0] <= left and right <= page[1] and all(
                (row != other or right <= one or two <= left)
                and (row <= other or not one < line < two)
                and (row >= other or not left < theirs < right)
                for one, two, other, theirs in taken
            ):  # fmt: skip
                found.append((year, text, side, row))
                taken.append((left, right, row, line))
                break
    return found


def _draw_events(axis, events: list[tuple[int, str, str, int]], inch: float) -> None:
    axis.set_axis_off()
    for year, text, side, row in events:
        height = NAME + ROW * row
        axis.plot(
            [year, year], [0, height + 0.8 * ROW], color=style.QUIET, linewidth=0.5, zorder=1,
            label="event",
        )  # fmt: skip
        axis.text(
            year + (0.03 if side == "left" else -0.03) / inch, height, text, ha=side, va="bottom",
            fontsize=style.SMALL,
        )  # fmt: skip


def _strip(marks: dict, start: float, inch: float, right: float) -> list[tuple[float, str, bool]]:
    """Parties and mayors, each once over the terms that follow each other: where, text, whether a party.

    What is wider than its terms is left to the table; the last may reach to the page's edge.
    """
    found = []
    if "term" not in marks:
        return found
    terms = marks["term"].assign(both=marks["term"]["text"].str.split("\n"))
    for number in (0, 1):
        name = terms["both"].str[number]
        runs = terms.groupby([(name != name.shift()).cumsum(), name])
        for (_, text), rows in runs:
            first, last = rows["year"].min() - 0.5, rows["year_to"].max() - 0.5
            end = terms["year_to"].max() - 0.5
            room = (last - first) * inch - 0.02 + (right if last == end else 0)
            weight = "normal" if number else "bold"
            text = style.wrap(style.plain(text.replace("-", "\n– ")), room, style.SMALL, weight)
            one_line = number or "\n" not in text
            if style.width_of(text, style.SMALL, weight) <= room and one_line:
                found.append((first, text, not number))
    return found


def _draw_strip(
    axis, terms: pd.DataFrame, strip: list[tuple[float, str, bool]], lines: int
) -> None:
    """One band a term, its left edge before the election year."""
    axis.set_yticks([])
    axis.set_xticks([])
    axis.spines["bottom"].set_visible(False)
    axis.set_ylim(-lines, 0)
    for number, band in enumerate(terms.itertuples()):
        axis.axvspan(
            band.year - 0.5, band.year_to - 0.5, linewidth=0, zorder=0, label="term",
            color="#e4e8ec" if number % 2 else "#f1f3f5",
        )  # fmt: skip
    for left, text, party in strip:
        upper = 0 if party else -1
        axis.plot([left, left], [upper, upper - 1], color=style.QUIET, linewidth=0.8, label="term")
        look = {"linespacing": style.LINE, "fontweight": "bold" if party else "normal"}
        shared.beside(axis, (left, upper), text, 1.5, va="top", **look)


def _named(axis, text: str) -> None:
    """A panel's name above it; what crosses it is hidden."""
    axis.set_title(text, fontsize=style.BODY, pad=3).set_bbox(
        {"facecolor": style.PAPER, "linewidth": 0, "pad": 0.8}
    )
    axis.set_zorder(1)
    axis.patch.set_visible(False)


def _inches(axis) -> tuple[float, float]:
    place = axis.get_position()
    return tuple(axis.figure.get_size_inches() * (place.width, place.height))


def _years(axis) -> None:
    most = max(1, int(_inches(axis)[0] // 0.45))
    axis.xaxis.set_major_locator(
        MaxNLocator(integer=True, nbins=most, steps=[1, 2, 5, 10], min_n_ticks=1)
    )


def _most(bars: pd.DataFrame) -> int:
    """The agreements of the fullest year of a level."""
    return int(bars.groupby(["level", "year"])["agreements"].sum().max())


REGION = {"tint": "[region.{region}]"}
FIGURE = Record(
    __name__, describe, counted={"agreements": "rows"}, again=("cumulative", "accent", "total"),
    readings=(
        reads("term", "bars", some=True, alike="in turn", left="year-0.5", right="year_to-0.5"),
        reads("bar", "bars", x="year", height="agreements", panel="[timeline.panel.{level}]", **REGION),
        reads("bar", "bars", x="year", height="agreements", panel="[region.{region}] …", **REGION),
        reads("bar", "texts", by=("region",), said="[region.{region}] {agreements}…"),
        reads("bar", "texts", by=("level",), said="[level.{level}] {agreements}"),
        reads("cumulative", "lines", x="year", y="agreements", end="[level.{level}] …", alike="{level}"),
        reads("cumulative", "dots", some=True, x="year", y="agreements", beside="{year}"),
        reads("event", "texts", some=True, x="year", said="{text*}"),
    ),
)  # fmt: skip
