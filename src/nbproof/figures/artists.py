"""What a figure has drawn, as numbers and texts: bars, markers, lines, legends, limits."""

import json
from collections.abc import Iterator

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

# If this variable is set, a figure's artists are stored beside its files.
WANTED = "NBPROOF_ARTISTS"


def summary(figure: Figure) -> bytes:
    """The artists of each axis as JSON, in data coordinates: the same on every platform.

    bars: each rectangle as [x, y, width, height]; lines: their [x, y]; markers: [label, x, y, area];
    boxes: how many; shapes: the colour of each; legends, ticks and texts: what stands there.
    """
    figure.draw_without_rendering()
    content = {
        "axes": [_axis(axis) for axis in figure.axes],
        "texts": [text.get_text() for text in figure.texts],
        "legends": [_texts(legend) for legend in figure.legends],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _axis(axis) -> dict:
    rectangles = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    bars = [patch for patch in rectangles if patch.get_data_transform() == axis.transData]
    return {
        "xlim": _numbers(axis.get_xlim()),
        "ylim": _numbers(axis.get_ylim()),
        "bars": [_rectangle(patch) for patch in bars],
        # What reaches over the whole height: x and width
        "bands": [_rectangle(patch)[::2] for patch in rectangles if patch not in bars],
        "boxes": sum(isinstance(patch, FancyBboxPatch) for patch in axis.patches),
        "lines": [_numbers(np.asarray(line.get_xydata(), float)) for line in axis.lines],
        "markers": [marker for found in axis.collections for marker in _markers(found)],
        "shapes": [colour for found in axis.collections for colour in _colours(found)],
        "texts": [text.get_text() for text in axis.texts],
        "ticks": [t.get_text() for t in (*axis.get_xticklabels(), *axis.get_yticklabels())],
        "legends": [_texts(axis.get_legend())] if axis.get_legend() else [],
    }


def _rectangle(patch) -> list[float]:
    return _numbers((*patch.get_xy(), patch.get_width(), patch.get_height()))


def _markers(collection) -> Iterator[list]:
    if isinstance(collection, PathCollection):
        places = np.asarray(collection.get_offsets(), float)
        areas = np.broadcast_to(collection.get_sizes(), len(places)) if len(places) else []
        for (x, y), area in zip(places, areas, strict=True):
            yield [collection.get_label(), *_numbers((x, y, area))]


def _colours(collection) -> list[str]:
    if isinstance(collection, PathCollection | LineCollection):
        return []
    return [to_hex(colour) for colour in collection.get_facecolor()]


def _texts(legend) -> list[str]:
    return [text.get_text() for text in legend.get_texts()]


def _numbers(values) -> list:
    return np.round(np.asarray(values, float), 6).tolist()
