"""The four verdicts, and when a stated quantity is a number."""

import re

REPRODUCED = "reproduced"
OTHER_READING = "reproduced under a stated definition"
NOT_REPRODUCED = "not reproduced"
NOT_CHECKABLE = "not checkable"
VERDICTS = (REPRODUCED, OTHER_READING, NOT_REPRODUCED, NOT_CHECKABLE)

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def decide(comes_out: bool, turned: bool, inferred: bool) -> str:
    """The verdict on a statement that can be checked, by the codebook's rules.

    comes_out: under its definition. turned: another reading or an open choice, alone, changes that.
    inferred: the definition takes something from the sentence that it judges.
    """
    if comes_out:
        return OTHER_READING if turned or inferred else REPRODUCED
    return OTHER_READING if turned else NOT_REPRODUCED


def number(text: str | None) -> int | float | str | None:
    """A bare number as a number, everything else as it is."""
    if text is None or not NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
