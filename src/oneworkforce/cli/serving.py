"""`oneworkforce serve`: the site and its worker, until told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from oneworkforce.cli.site import site
from oneworkforce.errors import Invalid


def serve(
    address: Annotated[str, typer.Option(help="Where to answer, as host:port.")] = "127.0.0.1:8000",
    worker: Annotated[bool, typer.Option(help="Run the worker for long tasks beside the site.")] = True,
) -> None:
    """The site answers at the address until the process is told to stop."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise Invalid(f"{address!r} is not an address. Write it as host:port, such as 127.0.0.1:8000.")
    with site():
        from oneworkforce.website.serving import serve as keep

        keep(host, int(port), worker=worker)
