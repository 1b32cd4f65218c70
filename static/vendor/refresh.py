"""Fetch the vendored browser files anew: `python static/vendor/refresh.py` (a maintainer's tool; needs npm).

The versions and the icons stand here and nowhere else; `manifest.json` holds the sha256 of every file, checked by
tests/browser/test_vendored_files.py, so that a file edited by hand is noticed.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ICONS = (
    "alert-triangle arrow-back-up ban briefcase building-bank calendar calendar-due calendar-plus cash check checks chevron-left "
    "chevron-right clock coin download edit external-link file-text file-upload filter flag gavel history home "
    "inbox info-circle language login-2 logout mail mailbox map-pin message note phone player-pause player-play "
    "player-skip-forward player-track-next plus refresh robot scale search send sort-ascending sort-descending upload user "
    "users x bell arrow-up-circle list-check point hourglass circle-check circle-x school adjustments "
    "calendar-check calendar-dollar calendar-x message-question message-check arrows-left-right calculator shield "
    "eye-off pencil file-plus"
).split()
MIT = """The MIT License (MIT)

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def unpacked(package: str, into: Path) -> Path:
    """The files of an npm package, e.g. htmx.org@2.0.11."""
    done = subprocess.run(["npm", "pack", "--silent", package], cwd=into, check=True, capture_output=True, text=True)
    folder = into / package.replace("/", "-").replace("@", "_")
    with tarfile.open(into / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def sprite(icons: Path) -> str:
    """One SVG with a <symbol> for each icon used."""
    symbols = []
    for name in sorted(ICONS):
        drawing = (icons / f"{name}.svg").read_text()
        body = re.sub(r"\s+", " ", drawing[drawing.index(">") + 1 : drawing.index("</svg>")]).strip()
        body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def without_source_map(text: str) -> str:
    return re.sub(r"\n?/\*# sourceMappingURL=.*?\*/", "", text)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        htmx = unpacked("htmx.org@2.0.11", Path(scratch))
        tabler = unpacked("@tabler/core@1.6.1", Path(scratch))
        icons = unpacked("@tabler/icons@3.51.0", Path(scratch))
        inter = unpacked("@fontsource-variable/inter@5.3.0", Path(scratch))
        files: dict[str, bytes] = {
            "htmx-2.0.11/htmx.min.js": (htmx / "dist/htmx.min.js").read_bytes(),
            "htmx-2.0.11/LICENSE": (htmx / "LICENSE").read_bytes(),
            "tabler-1.6.1/tabler.min.css": without_source_map(
                (tabler / "dist/css/tabler.min.css").read_text()
            ).encode(),
            "tabler-1.6.1/LICENSE": MIT.format(holder="2018-2026 The Tabler Authors").encode(),
            "tabler-icons-3.51.0/icons.svg": sprite(icons / "icons/outline").encode(),
            "tabler-icons-3.51.0/LICENSE": (icons / "LICENSE").read_bytes(),
            "inter-5.3.0/inter-latin.woff2": (inter / "files/inter-latin-wght-normal.woff2").read_bytes(),
            "inter-5.3.0/inter-latin-ext.woff2": (inter / "files/inter-latin-ext-wght-normal.woff2").read_bytes(),
            "inter-5.3.0/LICENSE": (inter / "LICENSE").read_bytes(),
        }
    for name, content in files.items():
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_bytes(content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    (HERE / "manifest.json").write_text(json.dumps(sums, indent=1) + "\n")


if __name__ == "__main__":
    main()
