"""The language of an answer: asked for in the address, else clicked, else preferred by the browser, else the person's own."""

from fastapi import Request

from api.phrases import LANGUAGES

COOKIE = "language"  # set by a click on FR or EN
DEFAULT = "en"


def language_of(request: Request) -> str:
    """ "fr" or "en": `?lang=`, else the click, else Accept-Language, else the language of the person who is signed in."""
    for asked in (request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")):
        if asked in LANGUAGES:
            return asked
    preferred = _preferred(request.headers.get("accept-language", ""))
    who = getattr(request.state, "who", None)
    own: str = getattr(who, "language", "")
    return preferred or (own if own in LANGUAGES else DEFAULT)


def _preferred(header: str) -> str:
    """The first of our languages in an Accept-Language header, by its weights; "" when there is none."""
    weighted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.partition(";q=")
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES:
            weighted.append((_weight(weight), language))
    best = max(weighted, key=lambda w: w[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else ""


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0
