"""The city's site, set up for a command that needs its database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from oneworkforce.errors import Invalid


@contextmanager
def site() -> Iterator[None]:
    """Django is ready and the database holds the current tables; a library without the `web` extra says how to get it."""
    try:
        import django
    except ImportError:
        raise Invalid("This command needs the site. Install it with: pip install 'oneworkforce[web]'") from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneworkforce.website.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    yield


def person(email: str) -> Any:
    """Whoever signs in with that address; raises Invalid where nobody does. Only inside `site`."""
    from oneworkforce.accounts import queries

    found = queries.person_by_email(email)
    if found is None:
        raise Invalid(f"Nobody signs in as {email!r}. The demonstration sign-ins are in the city's home folder.")
    return found
