"""The colour of each region, the same in every figure."""

from nbproof.figures.style import SERIES

REGIONS = dict(
    zip(
        ["Europe", "Asia", "Africa", "Americas", "Oceania", "unidentified"],
        [*SERIES, "#ffffff"],
        strict=True,
    )
)
HATCHES = {"unidentified": "//////"}
