"""Sentences about statuses, promises, arrangements, offers and disputes. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {}

FRENCH: dict[str, tuple[str, ...]] = {}
