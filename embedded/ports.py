"""Free ports, and ports that somebody else holds."""

import secrets
import socket
from pathlib import Path

LOWEST, BELOW_EPHEMERAL = 15_000, 32_000  # Linux takes the ports of outgoing connections from 32,768 on
TRIES = 50


class PortInUse(RuntimeError):
    """The port that was asked for is held by another program."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port outside the range that outgoing connections take theirs from: one of those took it before we listened."""
    for _ in range(TRIES):
        port = LOWEST + secrets.randbelow(BELOW_EPHEMERAL - LOWEST)
        if is_free(port, host):
            return port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def claimed(port: int, *, variable: str, host: str = "127.0.0.1") -> int:
    """The port, a free one for 0; raises PortInUse naming the setting that chooses another."""
    if port == 0:
        return free_port(host)
    if not is_free(port, host):
        raise PortInUse(f"Port {port} on {host} is in use. Stop what holds it, or set {variable} (0 takes a free one).")
    return port


def kept(file: Path) -> int:
    """The port written in the file while it is free, else a new one, written there."""
    if file.exists() and is_free(port := int(file.read_text())):
        return port
    port = free_port()
    file.write_text(str(port))
    return port
