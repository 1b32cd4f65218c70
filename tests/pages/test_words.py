"""Every word of the pages exists in every language; every icon a template asks for is in the sprite."""

import json
import re
import sys
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
CATALOGUES = sorted((ROOT / "locales").glob("*/LC_MESSAGES/pages.po"))


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = spec_from_file_location("locales_refresh", ROOT / "locales" / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_word_of_the_templates_is_translated(path: Path, refresh: ModuleType) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    said = list(refresh.words())
    assert len(said) > 200
    missing = []
    for message, context, place in said:
        known = catalogue.get(message if isinstance(message, str) else message[0], context)
        texts = known.string if known and isinstance(known.string, tuple) else [known.string if known else ""]
        if not all(texts):
            missing.append(f"{place}: {message!r}")
    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_the_places_of_names_and_numbers(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if not message.id:
            continue
        wanted = set(re.findall(r"%\(\w+\)s", str(message.id)))
        texts = message.string if isinstance(message.string, tuple) else [message.string]
        for text in texts:
            assert set(re.findall(r"%\(\w+\)s", text)) == wanted, message.id


def test_the_sprite_holds_the_icons_that_templates_use() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    asked = set(re.findall(r'icon\("([a-z0-9-]+)"', templates))
    asked |= {
        name
        for table in re.findall(r"_ICONS = \{(.*?)\}", templates)
        for name in re.findall(r': "([a-z0-9-]+)"', table)
    }
    sprite = next(VENDOR.glob("tabler-icons-*/icons.svg")).read_text()
    held = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    assert len(asked) > 30
    assert asked - held == set()


def test_vendored_files_are_those_of_the_manifest() -> None:
    sums = json.loads((VENDOR / "manifest.json").read_text())
    here = {
        str(path.relative_to(VENDOR)): sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "refresh.py") and "__pycache__" not in path.parts
    }
    assert here == sums


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No CDN: templates and styles name no other host."""
    own = [
        *(ROOT / "templates" / "pages").rglob("*.html"),
        *(ROOT / "templates" / "fragments").rglob("*.html"),
        ROOT / "static/app.css",
        ROOT / "static/app.js",
    ]
    assert [
        path.name for path in own if re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", path.read_text())
    ] == []
