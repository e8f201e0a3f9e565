"""What templates and notebooks' tables share: dates, cells, and the frame of a wide table."""

from datetime import date

import pandas as pd
from babel.dates import format_date
from markupsafe import Markup, escape

LOCALES = {"en": "en_GB"}  # how dates are written


def day(when: date, language: str) -> str:
    """A date in words."""
    return format_date(when, "long", locale=LOCALES.get(language, language))


def cell(value) -> str:
    """A cell's text; unknown stays empty."""
    return value if isinstance(value, Markup) else "" if pd.isna(value) else str(value)


def scrolling(content: str, label: str) -> str:
    """Content wider than a phone: it scrolls inside its own frame, which the keyboard can reach."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">\n{content}\n</div>'
