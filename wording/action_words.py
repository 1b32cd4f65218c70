"""Sentences about actions chosen by a person, agents, procedures, guarantees. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {}

FRENCH: dict[str, tuple[str, ...]] = {}
