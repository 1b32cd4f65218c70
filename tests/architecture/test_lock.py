"""requirements.lock pins everything with hashes, names no address, and is what pyproject.toml asks for."""

import re
import tomllib

from tests.architecture.sources import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PINNED = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)[^\\\n]*\\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
REQUIREMENT = re.compile(r"^[A-Za-z0-9._-]+")


def _lines() -> list[str]:
    return [line for line in LOCK.splitlines() if line and not line.lstrip().startswith(("#", "--hash"))]


def test_every_line_is_a_version_with_hashes() -> None:
    pinned = {match["name"] for match in PINNED.finditer(LOCK)}
    assert len(pinned) == len(_lines())


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert "--index" not in "\n".join(_lines())
    assert "--find-links" not in LOCK


def test_whatever_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    names = {match.group().lower().replace("_", "-") for each in asked if (match := REQUIREMENT.match(each))}
    assert names - {match["name"] for match in PINNED.finditer(LOCK)} == set()
