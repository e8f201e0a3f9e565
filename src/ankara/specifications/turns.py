"""What the specifications come to: which results stand whatever one chooses, which turn, and on what."""

import pandas as pd

from nbproof.study import StudyError

# Of a result: true under every specification, under none, or it turns
ALWAYS, NEVER, TURNS = "always", "never", "turns"
_OTHERS = ["scope", "id", "as_defined", "value", "estimate", "holds"]


def turns(specifications: pd.DataFrame) -> pd.DataFrame:
    """One row a result, in the order of the table.

    specifications: sensitivity/specifications. Returns scope, id, choices (those that can change it,
    joined by ";"), stands (always, never or turns), value, estimate, holds (as defined), low, high (of
    the estimates), alone and together. alone: the changes "choice=value" each of which turns it by
    itself; together: the smallest sets of such changes, joined by "+", that turn it while no part of
    them does. A contrast without a named direction holds where the share is higher on the first side,
    so that it turns with its sign. A specification that decides nothing turns nothing. Raises
    StudyError if a result is not given as defined.
    """
    results: dict[tuple, list[dict]] = {}
    for row in specifications.astype(object).where(specifications.notna(), None).to_dict("records"):
        results.setdefault((row["scope"], row["id"]), []).append(row)
    return pd.DataFrame([_turn(*result, rows) for result, rows in results.items()])


def changed(row: dict, defined: dict, choices: list[str]) -> frozenset[str]:
    """The changes "choice=value" by which a specification differs from the one as defined."""
    return frozenset(f"{name}={row[name]}" for name in choices if row[name] != defined[name])


def _turn(scope: str, name: str, rows: list[dict]) -> dict:
    if not any(row["as_defined"] for row in rows):
        raise StudyError(f"specifications: {scope} {name} is not there as defined.")
    choices = [
        column
        for column in rows[0]
        if column not in _OTHERS and any(row[column] is not None for row in rows)
    ]
    estimates = [row["estimate"] for row in rows if row["estimate"] is not None]
    defined = next(row for row in rows if row["as_defined"])
    known = [row for row in rows if _holds(row) is not None]
    found = {_holds(row) for row in known}
    flipping = {changed(row, defined, choices) for row in known if _holds(row) != _holds(defined)}
    if _holds(defined) is None:
        flipping = set()
    smallest = [those for those in flipping if not any(other < those for other in flipping)]
    several = [those for those in smallest if len(those) > 1]
    fewest = min(map(len, several), default=0)
    order = {change: n for n, change in enumerate(dict.fromkeys(_changes(rows, choices)))}
    alone = sorted(
        (change for those in smallest if len(those) == 1 for change in those), key=order.get
    )
    together = sorted(
        (sorted(those, key=order.get) for those in several if len(those) == fewest),
        key=lambda those: [order[change] for change in those],
    )
    return {
        "scope": scope,
        "id": name,
        "choices": ";".join(choices),
        "stands": TURNS if len(found) > 1 else ALWAYS if True in found else NEVER,
        "value": defined["value"],
        "estimate": defined["estimate"],
        "holds": _holds(defined),
        "low": min(estimates, default=None),
        "high": max(estimates, default=None),
        "alone": ";".join(alone),
        "together": ";".join("+".join(those) for those in together),
    }


def _holds(row: dict) -> bool | None:
    if row["holds"] is None and row["scope"] == "contrast" and row["estimate"] is not None:
        return row["estimate"] > 0
    return row["holds"]


def _changes(rows: list[dict], choices: list[str]) -> list[str]:
    return [f"{name}={row[name]}" for name in choices for row in rows]
