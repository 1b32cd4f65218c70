"""Bring locales/<language>/LC_MESSAGES/pages.po up to date with the words in templates/: `python locales/refresh.py`.

New words get an empty translation (tests/pages/test_words.py then fails until it is written), unused ones go.
The .po files are read as they are at start: nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[1]
WRITTEN_IN_PAGES = ("pages", "fragments")
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}


def templates() -> Iterator[Path]:
    yield from sorted((ROOT / "templates").glob("*.html"))
    for folder in WRITTEN_IN_PAGES:
        yield from sorted((ROOT / "templates" / folder).glob("*.html"))


def words() -> Iterator[tuple[str | tuple[str, str], str | None, str]]:
    """Each message of the templates (singular and plural together), its context, and where it stands."""
    for path in templates():
        with path.open("rb") as file:
            for _, function, message, _ in babel_extract(file, ("_", "gettext", "ngettext", "pgettext"), [], OPTIONS):
                texts = (message,) if isinstance(message, str) else tuple(m for m in message if m)
                place = str(path.relative_to(ROOT))
                if function == "pgettext":
                    yield texts[1], texts[0], place
                else:
                    yield (texts[0], texts[1]) if function == "ngettext" else texts[0], None, place


def main() -> None:
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/pages.po")):
        with path.open("rb") as file:
            before = read_po(file)
        fresh = Catalog(locale=before.locale)
        for message, context, place in words():
            known = before.get(message if isinstance(message, str) else message[0], context)
            fresh.add(message, known.string if known else "", context=context, locations=[(place, None)])
        with path.open("wb") as file:
            file.write(HEADER.format(language=path.parts[-3]).encode())
            write_po(file, fresh, omit_header=True, sort_output=True, include_lineno=False, width=0)


if __name__ == "__main__":
    main()
