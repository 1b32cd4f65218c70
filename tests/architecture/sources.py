"""The project's own files, read once."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = (
    "activities",
    "api",
    "benchmarks",
    "catalogue",
    "commands",
    "correspondence",
    "db",
    "domain",
    "embedded",
    "sample",
    "tests",
    "wording",
    "workflows",
)
ENTRY_POINTS = ("cli.py", "worker.py", "settings.py")
COMPOSITION_ROOTS = ("commands", "embedded")  # beside the entry points: they put the parts together


@cache
def tracked() -> tuple[Path, ...]:
    """What git tracks, or would: new files count before they are added."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return tuple(file for name in listed.splitlines() if (file := ROOT / name).is_file())


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(file for file in tracked() if file.suffix == ".py")


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def package(file: Path) -> str:
    """The top folder, or the module's own name at the root."""
    return file.relative_to(ROOT).parts[0]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), filename=str(file))


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def filled_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())
