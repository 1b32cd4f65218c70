"""The form of a text in which people search and sort: lower case, without accents and ligatures."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'"})


def plain(text: str) -> str:
    """ "Électricité  du Sud-Ouest" gives "electricite du sud-ouest", "Œuvres" gives "oeuvres"."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def searchable(*texts: str) -> str:
    """What "find anything" looks in: each text on a line of its own, so that "starts with" is a search for "\\n" + the query."""
    return "".join("\n" + plain(text) for text in texts)
