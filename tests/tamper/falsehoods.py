"""Falsehoods in what a reader sees, made by a program in every figure: colours, legends, ticks, words.

    python tests/tamper/falsehoods.py            every falsehood; exit code 1 if one is not caught
    python tests/tamper/falsehoods.py --some 20  so many, by a seed that is printed

Each changes one drawing so that it contradicts its table, as code that draws falsely would; it is caught
where reading the drawing back says so.
"""

import argparse
import functools
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from xml.etree import ElementTree

from nbproof import study
from nbproof.figures import record
from nbproof.pipeline import collection
from nbproof.verify import drawing, figures, reading

SVG = drawing.SVG
LEAST = 200
ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
Pick = random.Random


def within(root, name: str) -> list:
    """The elements in groups of such a name."""
    return [
        one
        for group in root.iter()
        if re.match(name, group.get("id") or "")
        for one in group.iter()
    ]


def texts(ones: list, form: str) -> list:
    return [one for one in ones if one.tag == f"{SVG}text" and re.fullmatch(form, one.text or "")]


def marks(root, group=None) -> list:
    """Filled marks in axes, and not in legends. Paper and what lies outside of its axes is not seen."""
    unseen = {*within(root, "legend"), *_cut_off(root)}
    found = within(root if group is None else group, r"(patch|PathC)")
    axes = set(within(root, "axes_"))
    return [
        one for one in dict.fromkeys(found)
        if one.tag in (f"{SVG}path", f"{SVG}use") and one in axes - unseen and not _flat(one)
        and re.search(r"fill: #(?!ffffff$|ffffff; op)", one.get("style") or "")
    ]  # fmt: skip


def _flat(one) -> bool:
    """Whether a path has no height or no width: nothing is seen of it."""
    return one.get("d") is not None and min(_shape(one).size) < 0.05


def _shape(path) -> drawing.Shape:
    points, closed = drawing._points(path.get("d"))
    return drawing.Shape(points, drawing.Look(), "", closed=closed)


def keyed(root) -> set[str]:
    """The colours that words explain: of swatches, and of what is printed in colour; paper is for hollow."""
    seen = drawing.read(ElementTree.tostring(root))
    looks = {colour for look, _ in seen.legend for colour in (look.fill, look.stroke)}
    return (
        looks | {text.colour for text in seen.texts} | {one[1] for one in seen.glyphs} | {"#ffffff"}
    )


def _cut_off(root) -> set:
    """Markers outside of what their axes show."""
    clips = {one.get("id"): one[0] for one in root.iter(f"{SVG}clipPath")}
    found = set()
    for group in root.iter():
        if clip := re.search(r"#(\w+)", group.get("clip-path") or ""):
            left, top, wide, tall = (
                float(clips[clip[1]].get(name)) for name in ("x", "y", "width", "height")
            )
            for one in group.iter(f"{SVG}use"):
                x, y = float(one.get("x")), float(one.get("y"))
                if not (left < x < left + wide and top < y < top + tall):
                    found.add(one)
    return found


def exchanged(ones: list, pick: Pick) -> str:
    """Two of these texts, of different words, in each other's place."""
    pairs = [(a, b) for a in ones for b in ones if a.text < b.text]
    if not pairs:
        return ""
    one, other = pick.choice(pairs)
    one.text, other.text = other.text, one.text
    return f"{one.text!r} and {other.text!r}"


def colours(root, pick: Pick) -> str:
    """Two colours exchanged in axes that have both, and not in their key."""
    fill = lambda one: re.search(r"fill: (#\w{6})", one.get("style"))[1]  # noqa: E731
    some, known_by = {}, keyed(root)
    for group in root.iter():
        own = marks(root, group) if (group.get("id") or "").startswith("axes_") else []
        known = Counter(map(fill, own))
        common = [colour for colour, number in known.most_common(4) if number > 1]
        if len(common) > 1 and known_by & {*common}:
            some[group.get("id")] = own, common
    if not some:
        return ""
    axes = pick.choice(sorted(some))
    one = pick.choice([colour for colour in some[axes][1] if colour in known_by])
    other = pick.choice([colour for colour in some[axes][1] if colour != one])
    for mark in some[axes][0]:
        if (colour := fill(mark)) in (one, other):
            now = other if colour == one else one
            mark.set("style", mark.get("style").replace(colour, now))
    return f"{one} and {other} in {axes}"


def recoloured(root, pick: Pick) -> str:
    """A mark in the colour of another one of its axes."""
    fill = lambda one: re.search(r"fill: (#\w{6})", one.get("style"))[1]  # noqa: E731
    groups = [group for group in root.iter() if (group.get("id") or "").startswith("axes_")]
    some = [own for group in groups if len({*map(fill, own := marks(root, group))}) > 1]
    if not some:
        return ""
    own = pick.choice(some)
    mark = pick.choice(own)
    other = pick.choice(sorted({*map(fill, own)} - {fill(mark)}))
    before = fill(mark)
    mark.set("style", mark.get("style").replace(before, other))
    return f"{before} as {other}"


def legend(root, pick: Pick) -> str:
    return exchanged(texts(within(root, "legend"), r".*[^\W\d_]{3}.*"), pick)


def rows(root, pick: Pick) -> str:
    return exchanged(texts(within(root, "ytick"), r".*[^\W\d_]{3}.*"), pick)


def numbers(root, pick: Pick) -> str:
    ticks = set(within(root, "[xy]tick"))
    axes = [one for one in within(root, "axes_") if one not in ticks]
    return exchanged(texts(list(dict.fromkeys(axes)), r"\d{1,3}"), pick)


def ticks(root, pick: Pick) -> str:
    """All numbers of a direction in all axes four times as high."""
    side = pick.choice(["xtick", "ytick"])
    found = [
        one for one in texts(within(root, side), r"[+]?\d{1,3}(?:[.,]\d+)?%?") if one.text != "0"
    ]
    for one in found:
        value = drawing.NUMBER.search(one.text.replace(",", "."))[0]
        one.text = one.text.replace(
            value.replace(".", "," if "," in one.text else "."), f"{4 * float(value):g}"
        )
    return f"{side} of {len(found)}" if len(found) > 1 else ""


def panels(root, pick: Pick) -> str:
    bold = [one for one in root.iter() if "font-weight: 700" in (one.get("style") or "")]
    size = lambda one: re.search(r"font-size: ([\d.]+)", one.get("style"))[1]  # noqa: E731
    most = max((float(size(one)) for one in bold), default=0)
    return exchanged(
        texts([one for one in bold if float(size(one)) < most], r"[^\d]*[^\W\d_]{3}.*"), pick
    )


def lost(root, pick: Pick) -> str:
    """A mark less."""
    found = marks(root)
    if not found:
        return ""
    one = pick.choice(found)
    parent = next(group for group in root.iter() if one in list(group))
    parent.remove(one)
    return "a mark"


def moved(root, pick: Pick) -> str:
    """A mark elsewhere, by ten points across and up."""
    found = [one for one in marks(root) if one.tag == f"{SVG}use"]
    if not found:
        return ""
    one = pick.choice(found)
    for side in "xy":
        one.set(side, str(float(one.get(side)) + 10))
    return "a mark"


def bars(root) -> list:
    found = [one for one in marks(root) if one.tag == f"{SVG}path"]
    return [one for one in found if _shape(one).is_rectangle and min(_shape(one).size) > 2]


def drawn(one, left: float, top: float, right: float, bottom: float) -> None:
    one.set("d", f"M {left} {bottom} L {right} {bottom} L {right} {top} L {left} {top} z")


def longer(root, pick: Pick) -> str:
    """A bar longer by a fifth and two points, to the right and upwards."""
    if not (found := bars(root)):
        return ""
    one = pick.choice(found)
    left, top, right, bottom = _shape(one).box
    drawn(one, left, top - 0.2 * (bottom - top) - 2, right + 0.2 * (right - left) + 2, bottom)
    return "a bar"


def shifted(root, pick: Pick) -> str:
    """A bar elsewhere, as long as it was."""
    if not (found := bars(root)):
        return ""
    one = pick.choice(found)
    left, top, right, bottom = _shape(one).box
    across = pick.choice([-5, 5])
    drawn(one, left + across, top - 5, right + across, bottom - 5)
    return "a bar"


def spoken(root, pick: Pick) -> str:
    """A number in the description that follows a name, one higher."""
    desc = next(one for one in root if one.tag == f"{SVG}desc")
    found = list(re.finditer(r"(?<=[^\W\d_]{3} )(\d{1,3})(?=[,;.)])", desc.text or ""))
    if not found:
        return ""
    one = pick.choice(found)
    desc.text = desc.text[: one.start()] + str(int(one[1]) * 3 + 77) + desc.text[one.end() :]
    return one[1]


def titled(root, pick: Pick) -> str:
    """Another number in the title that is drawn."""
    bold = [one for one in root.iter() if "font-weight: 700" in (one.get("style") or "")]
    found = texts(bold[:3], r".*\d.*")
    if not found:
        return ""
    found[0].text = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), found[0].text, count=1)
    return found[0].text


KINDS: dict[str, Callable] = {
    one.__name__: one
    for one in (
        colours,
        recoloured,
        legend,
        rows,
        numbers,
        ticks,
        panels,
        lost,
        moved,
        longer,
        shifted,
        spoken,
        titled,
    )
}


def drawings(here: study.Study, name: str) -> list[str]:
    """A figure's drawings, each as `language` or `language.phone`."""
    files = here.figures.glob(f"{name}.*.svg")
    return sorted(file.name.removeprefix(f"{name}.").removesuffix(".svg") for file in files)


@functools.cache
def _owners(here: study.Study) -> dict:
    return figures.owners(here, collection.members(here))


def tried(here: study.Study, name: str, which: str, kind: str, seed: int) -> tuple[str, list[str]]:
    """What was falsified, "" if there is nothing of the kind; and what reading says of it."""
    root = ElementTree.parse(here.figures / f"{name}.{which}.svg").getroot()
    done = KINDS[kind](root, Pick(f"{name} {which} {kind} {seed}")) if kind else "nothing"
    if not done:
        return "", []
    module = record.find([_owners(here)[name]], name)["module"]
    language = which.partition(".")[0]
    said = reading.differences(
        here, here.own(f"{module}:FIGURE"), ElementTree.tostring(root), f"figures/{name}.{language}.csv",
        language, dark=False,
    )  # fmt: skip
    return done, [" | ".join(one) for one in said]


def of_figure(
    here: study.Study, name: str, chosen: list, seed: int
) -> list[tuple[str, str, str, bool]]:
    """What was falsified in a figure's drawings, and whether it was caught: drawing, kind, what, caught."""
    results = [(which, kind, *tried(here, name, which, kind, seed)) for which, kind in chosen]
    return [
        (f"{name}.{which}", kind, done, bool(said)) for which, kind, done, said in results if done
    ]


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--some", type=int)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = options.parse_args()
    here = study.find()
    every = [
        (name, which, kind)
        for name in sorted(_owners(here)) for which in drawings(here, name) for kind in KINDS
    ]  # fmt: skip
    if given.some:
        every = Pick(given.seed).sample(every, given.some)
    chosen: dict[str, list] = {}
    for name, which, kind in every:
        chosen.setdefault(name, []).append((which, kind))
    with ProcessPoolExecutor() as pool:
        tries = [
            pool.submit(of_figure, here, name, own, given.seed if given.some else 0)
            for name, own in chosen.items()
        ]
        results = [one for done in tries for one in done.result()]
    missed = [one for one in results if not one[3]]
    for name, kind, done, _ in missed:
        print(f"not caught: {name}: {kind}, {done}")
    whole = ", ".join(f"{kind} {n}" for kind, n in Counter(one[1] for one in results).items())
    caught = f"{len(results) - len(missed)} of {len(results)} falsehoods caught"
    print(f"{caught} ({whole}); seed {given.seed}.")
    return int(bool(missed) or (not given.some and len(results) < LEAST))


if __name__ == "__main__":
    sys.exit(main())
