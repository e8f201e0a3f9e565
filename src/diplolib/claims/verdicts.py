"""The four verdicts, and when a stated quantity is a number."""

import re

REPRODUCED = "reproduced"
OTHER_READING = "reproduced under a stated definition"
NOT_REPRODUCED = "not reproduced"
NOT_CHECKABLE = "not checkable"
VERDICTS = (REPRODUCED, OTHER_READING, NOT_REPRODUCED, NOT_CHECKABLE)

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def number(text: str | None) -> int | float | str | None:
    """A bare number as a number, everything else as it is."""
    if text is None or not NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
