"""What people type into forms, brought into the forms of the HTTP contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.problems import FieldError, invalid

Model = TypeVar("Model", bound=BaseModel)


def typed_amount(text: str, language: str) -> str:
    """1 234,50 or 1,234.50 as people write it → "1234.50"; what is no amount stays as it is, for the check to refuse."""
    plain = re.sub(r"[\s\u00a0\u202f€]", "", text)
    if "," in plain and "." in plain:
        thousands, decimal = (",", ".") if plain.rindex(".") > plain.rindex(",") else (".", ",")
        return plain.replace(thousands, "").replace(decimal, ".")
    if "," in plain:
        is_thousands = language == "en" and re.fullmatch(r"-?\d{1,3}(,\d{3})+", plain)
        return plain.replace(",", "") if is_thousands else plain.replace(",", ".")
    return plain


def body_of(model: type[Model], fields: Mapping[str, Any]) -> Model:
    """The body that the JSON route takes, from a form's fields; empty ones are left out. Raises Problem 422."""
    try:
        return model.model_validate({name: value for name, value in fields.items() if value not in ("", None, [])})
    except ValidationError as error:
        errors = [FieldError(".".join(map(str, e["loc"])), e["type"], sentence=_reason(e)) for e in error.errors()[:10]]
        raise invalid(*errors) from None


def _reason(error: Mapping[str, Any]) -> str:
    """Which field, and what pydantic says of it; forms check the same in the browser first, in the reader's language."""
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
