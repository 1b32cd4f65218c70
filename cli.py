"""The command `recouvra`. Each sub-command is a module of commands/, imported only when it is asked for."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError

SUB_COMMANDS = {  # word: (module, function); the function's docstring is its help
    "up": ("commands.up", "up"),
    "doctor": ("commands.doctor", "doctor"),
    "api": ("commands.serving", "api"),
    "worker": ("commands.working", "worker"),
    "migrate": ("commands.migrate", "migrate"),
    "mailbox": ("commands.mailbox", "mailbox"),
    "import": ("commands.importing", "import_file"),
    "fast-forward": ("commands.fast_forward", "fast_forward"),
    "sample": ("commands.sample", "sample"),
}


def main() -> None:
    """Run the sub-command that was asked for; a wrong setting is a sentence, not a traceback."""
    asked = sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in SUB_COMMANDS else list(SUB_COMMANDS)
    app = typer.Typer(
        help="Recouvra recovers unpaid debts.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)
    for word in asked:
        module, function = SUB_COMMANDS[word]
        app.command(word)(getattr(import_module(module), function))
    try:
        app()
    except ValidationError as wrong:
        for error in wrong.errors():
            name = ".".join(map(str, error["loc"]))
            typer.secho(f"Setting {name}: {error['msg']}" if name else error["msg"], err=True, fg="red")
        _leave(2)
    except SystemExit as ended:
        if isinstance(ended.code, str):
            typer.secho(ended.code, err=True)
        _leave(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


def _leave(status: int) -> NoReturn:
    """End at once: with a Temporal client in it the interpreter's own teardown sometimes aborts (sdk-python#300)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.path.insert(
        0, str(Path(__file__).resolve().parent)
    )  # `python cli.py ...` works from any folder, installed or not
    main()
