"""The one way to reach the Temporal server: our converter, our clock for reopened claims, TLS or an API key when set."""

from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.service import TLSConfig

from workflows.clock import OwnTime
from workflows.registry import CONVERTER


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is and how to prove who we are."""

    target: str  # host:port
    namespace: str = "default"
    api_key: str | None = None
    tls: bool = False
    server_ca: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    server_name: str | None = None


async def connect(address: Address) -> Client:
    """A connected client. Raises RuntimeError when the server is not there."""
    return await Client.connect(
        address.target,
        namespace=address.namespace,
        api_key=address.api_key,
        tls=_tls(address),
        data_converter=CONVERTER,
        interceptors=[OwnTime()],
    )


def _tls(address: Address) -> TLSConfig | bool:
    if address.server_ca is None and address.client_cert is None and address.server_name is None:
        return address.tls or address.api_key is not None
    return TLSConfig(
        server_root_ca_cert=_content(address.server_ca),
        client_cert=_content(address.client_cert),
        client_private_key=_content(address.client_key),
        domain=address.server_name,
    )


def _content(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()
