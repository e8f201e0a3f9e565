"""What a cell of a table may hold, by the field that its schema declares."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from nbproof.escape import FORMULA

# Spellings of "missing" that spreadsheets and programs write. In these tables unknown is an empty cell.
MISSING_WORDS = {"nan", "NaN", "NAN", "NULL", "null", "None", "N/A", "#N/A", "#REF!", "#VALUE!"}
# Controls, zero-width and direction marks, fillers, variation selectors and tags, letters of no public
# meaning, what a lost letter leaves: two cells that look alike would differ.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd"
    "\U000e0000-\U0010ffff]"
)
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Letters that pass for others: a dot above i or j, and Greek or Cyrillic inside a Latin word.
DOTTED = re.compile("[iıjȷ]\u0307")
GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff]")
# What passes for a hyphen: other hyphens, dashes, the minus sign, also doubled or between spaces
DASH = re.compile(r"\s*(?:[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+|--+)\s*|\s+-\s*|-\s+")
LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")

# Somewhere in texts joined by line breaks: one that is empty, missing, perhaps a formula, or begins or
# ends with a space. (Each alternative begins with the line break, which is found fastest.)
DOUBTFUL = re.compile(
    rf"\n(?:[\s=+@＝＋＠-]|(?:{'|'.join(map(re.escape, sorted(MISSING_WORDS)))})\n|(?<=\s\n))"
)

TYPES = {
    "integer": (r"0|-?[1-9]\d{0,17}", "a whole number"),
    "number": (r"-?\d{1,15}(?:\.\d+)?", "a number such as 39.92"),
    "boolean": ("true|false", "true or false"),
    "date": (r"\d{4}-\d{2}-\d{2}", "a date such as 1999-04-18"),
}
BOUNDS = {"minimum": "from", "maximum": "to"}


def shown(value: str) -> str:
    """A cell in a message: its start, if it is a long one."""
    return repr(value) if len(value) <= 100 else f"{value[:80]!r}… ({len(value)} characters)"


def plain(column: str) -> str:
    return column if column.isprintable() and len(column) <= 100 else shown(column)


def doubtful(values: set[str], field: dict) -> Iterable[str]:
    """The values that have to be judged one by one.

    Of text with no more rules than a pattern: those that break it, or all if something in them, seen
    as one long text, breaks what holds for every text. Of numbers none if all are within the bounds.
    """
    rules = field.get("constraints", {})
    values = values if rules.get("required") else values - {""}
    kind = field.get("type", "string")
    if "enum" in rules or kind in ("boolean", "date"):
        return values
    if kind in TYPES:
        if not all(map(re.compile(TYPES[kind][0], re.ASCII).fullmatch, values)):
            return values
        numbers = sorted(map(float, values)) or [0.0]
        low, high = rules.get("minimum", numbers[0]), rules.get("maximum", numbers[-1])
        return (
            () if low <= numbers[0] and numbers[-1] <= high and "pattern" not in rules else values
        )
    text = "\n".join(["", *values, ""])
    if (
        text.count("\n") > len(values) + 1
        or DOUBTFUL.search(text)
        or INVISIBLE.search(text.replace("\n", ""))
        or any(letters.search(text) for letters in (SPACES, DOTTED, GREEK_OR_CYRILLIC))
        or not unicodedata.is_normalized("NFC", text)
    ):
        return values
    if "pattern" in rules:
        return itertools.filterfalse(re.compile(rules["pattern"]).fullmatch, values)
    return ()


def rule(field: dict) -> Callable[[str], str | None]:
    """What is expected in the place of a value that breaks the field; nothing if it fits."""
    rules = field.get("constraints", {})
    kind = field.get("type", "string")
    written, wanted = TYPES.get(kind, ("", ""))
    form = re.compile(written, re.ASCII) if written else None
    wanted = " ".join([wanted, *(f"{word} {rules[k]}" for k, word in BOUNDS.items() if k in rules)])
    limited = any(key in rules for key in BOUNDS)
    low, high = rules.get("minimum", -float("inf")), rules.get("maximum", float("inf"))
    allowed = {str(value) for value in rules["enum"]} if "enum" in rules else None
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None

    def refused(value: str) -> str | None:
        if value == "":
            return "a value, not an empty cell" if rules.get("required") else None
        if value in MISSING_WORDS:
            return "an empty cell where nothing is known"
        if INVISIBLE.search(value):
            return "no line break, control or invisible character"
        if value != value.strip():
            return "no space at either end"
        if SPACES.search(value):
            return "no other space than the plain one"
        if not unicodedata.is_normalized("NFC", value) or DOTTED.search(value):
            return "composed letters (Unicode NFC)"
        if mixed := _mixed(value):
            return f"letters of one alphabet in a word; {mixed}"
        if form:
            if not form.fullmatch(value) or (limited and not low <= float(value) <= high):
                comma = kind == "number" and re.fullmatch(r"-?\d+,\d+", value)
                return f"{wanted}, with a decimal point" if comma else wanted
            if kind == "date" and not _in_calendar(value):
                return wanted
        elif FORMULA.search(value):
            return "text, not a spreadsheet formula"
        if allowed is not None and value not in allowed:
            return "one of " + ", ".join(map(str, rules["enum"]))
        if pattern and not pattern.fullmatch(value):
            hyphen = hyphenated(value)
            fits = hyphen != value and pattern.fullmatch(hyphen)
            return f"a hyphen: {hyphen!r}" if fits else f"the form {rules['pattern']}"
        return None

    return refused


def hyphenated(value: str) -> str:
    """A cell with a plain hyphen in the place of whatever passes for one."""
    return DASH.sub("-", value)


def _mixed(value: str) -> str | None:
    """The letters that stand in a Latin word and only look Latin, by name."""
    if value.isascii() or not GREEK_OR_CYRILLIC.search(value):
        return None
    for word in re.findall(r"[^\W\d_]+", value):
        if LATIN.search(word) and (found := GREEK_OR_CYRILLIC.search(word)):
            return f"{found[0]!r} is {unicodedata.name(found[0], 'a foreign letter')}"
    return None


def _in_calendar(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
