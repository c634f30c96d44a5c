"""Where the desk may listen: on this machine, at a port that nobody has. Without Gradio, so that it is known at once."""

from __future__ import annotations

import socket

from huaxiang.errors import ConfigError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def free_port(host: str, port: int) -> int:
    """The port itself if nothing listens there, or any free one for 0.

    Raises:
        ConfigError: the port is taken (`port-in-use`), or the host is not this machine (`not-loopback`).
    """
    if host not in LOOPBACK:
        raise ConfigError(
            f"the desk does not listen on {host!r}: it has no log-in and shows customers' data",
            hint="keep 127.0.0.1 and reach it from elsewhere with: ssh -L 7860:127.0.0.1:7860 THIS_MACHINE",
            code="not-loopback",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise taken(host, port, error) from error
        return int(probe.getsockname()[1])


def taken(host: str, port: int, error: OSError) -> ConfigError:
    """The error for an address that could not be had."""
    other = port + 1 if port < 65535 else 7861
    return ConfigError(
        f"the desk cannot listen at {host}:{port} ({error.strerror or 'in use'})",
        hint=f"a desk may already be running there; otherwise choose another port: --port {other}",
        code="port-in-use",
    )
