"""Migrations are numbered, one after the other, with one head."""

import migrations
from tests.architecture.sources import ROOT


def test_migrations_are_numbered_in_one_line() -> None:
    files = sorted(file.stem for file in (ROOT / "migrations" / "versions").glob("*.py"))
    assert [name[:4] for name in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    assert all(name[4] == "_" for name in files)
    assert migrations.head() == files[-1][:4]
