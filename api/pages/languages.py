"""The words of the pages: gettext catalogues read from the .po files at start, nothing is compiled before."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

ROOT: Final = Path(__file__).parents[2]
SOURCE_LANGUAGE: Final = "en"  # what the templates are written in


@cache
def translations(language: str) -> NullTranslations:
    """The words of the pages in a language."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with (ROOT / "locales" / language / "LC_MESSAGES" / "pages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
