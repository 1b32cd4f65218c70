"""Whether a text is an e-mail address that every mail server takes."""

from __future__ import annotations

import re

# A dot-atom of RFC 5322 in ASCII, and a host name: nothing that could be read as another header or a second address.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})+")


def usable_email(text: str) -> str:
    """The address as servers take it (a host with accents as xn--); "" when nothing can be sent there."""
    local, _, domain = text.strip().rpartition("@")
    try:
        host = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return f"{local}@{host}" if len(local) <= 64 and _LOCAL.fullmatch(local) and _HOST.fullmatch(host) else ""
