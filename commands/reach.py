"""How commands reach a running installation: by its HTTP API, like everybody else."""

import json
from contextlib import suppress
from typing import Any

import httpx2
import typer

from embedded import state
from settings import Settings


def api(settings: Settings) -> httpx2.Client:
    """A client of the installation: the one of `recouvra up` on this machine, else RECOUVRA_PUBLIC_URL with RECOUVRA_API_KEY."""
    addresses: dict[str, str] = {}
    with suppress(OSError, ValueError):
        addresses = json.loads((settings.var / state.ADDRESSES).read_text())
    url = addresses.get("api") or settings.public_url
    key = settings.api_key.get_secret_value() if settings.api_key else addresses.get("api_key", "")
    if not url or not key:
        typer.secho(
            f"No running installation in {settings.var}: start `recouvra up`, or set RECOUVRA_PUBLIC_URL and RECOUVRA_API_KEY.",
            err=True,
            fg="red",
        )
        raise typer.Exit(2)
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60)


def accepted(answer: httpx2.Response) -> dict[str, Any]:
    """The body of a good answer; a problem document is printed and ends the command with status 2."""
    if answer.is_success:
        body: dict[str, Any] = answer.json()
        return body
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.text[:300]}
    typer.secho(f"{answer.status_code}: {problem.get('detail') or problem.get('title')}", err=True, fg="red")
    raise typer.Exit(2)
