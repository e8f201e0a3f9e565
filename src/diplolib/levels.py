"""The levels of government that a study tells apart: the keys of [levels] in study.toml, in that order."""

import re

from nbproof.labels import Labels
from nbproof.study import Study, StudyError

LEVELS = ("metropolitan", "district")  # of a study that names none
MOST = 5  # so many looks are told apart in grey
# A letter first; and no word that means something else as a choice, as a label or in a table
KEY = re.compile(r"(?!(?:all|cumulative|events|na|nan|none|null)$)[^\W\d_][\w-]*", re.IGNORECASE)


def levels(study: Study) -> dict[str, list[str]]:
    """Read the levels of a study.

    Parameters
    ----------
    study : nbproof.study.Study
        A study.

    Returns
    -------
    dict of str to list of str
        Each level, and the words by which its list names it.

    Raises
    ------
    StudyError
        For a key that cannot name a level, or words that are no list.

    Examples
    --------
    >>> from diplolib import levels
    >>> from nbproof import study
    >>> list(levels.levels(study.find()))
    ['metropolitan', 'district']
    """
    found = study.settings.get("levels") or {level: [] for level in LEVELS}
    for level, words in found.items():
        listed = isinstance(words, list) and all(isinstance(one, str) for one in words)
        if not (KEY.fullmatch(level) and listed):
            raise StudyError(
                f"study.toml, [levels]: {level} = {words!r}: expected a key of letters, digits, - and _ "
                '(not all, cumulative, events, none, nan) and a list of words, such as state = ["State"].'
            )
    return found


def words(study: Study, labels: Labels) -> dict[str, str]:
    """Name the levels that have no labels of their own, by the first of their words or by their key.

    Parameters
    ----------
    study : nbproof.study.Study
        A study.
    labels : nbproof.labels.Labels
        Those of all studies, in one language.

    Returns
    -------
    dict of str to str
        The labels that the figures need of such a level.

    Examples
    --------
    >>> from diplolib import levels
    >>> from nbproof import labels, study
    >>> levels.words(study.find(), labels.load("en"))
    {}
    """
    found: dict[str, str] = {}
    for level, said in levels(study).items():
        if level not in LEVELS:
            name = said[0] if said else level
            found |= {f"level.{level}": name, f"timeline.panel.{level}": name}
            braced = name.replace("{", "{{").replace("}", "}}")
            for key, general in (("map.level", "map.any"), ("timeline.alt", "timeline.any")):
                found[f"{key}.{level}"] = labels[general].replace("{level}", braced)
    return found
