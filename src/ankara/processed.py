"""What `data/processed/` holds: the clean tables, and the ledger of claims that counts them."""

from collections.abc import Iterator

import pandas as pd

from ankara import claims, cleaning
from nbproof.study import Study


def compute(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every processed table with its name, the ledger last; nothing is written."""
    cleaned = cleaning.process(study)
    yield from cleaned.items()
    yield "claims", cleaning.step("claims", _judge, study, cleaned)


def _judge(study: Study, cleaned: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return claims.judge(study, evidence=claims.Evidence(study, cleaned))
