"""Small returns for web tests, as a care home would send them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

HEADERS = (
    "Person Reference,First Name,Last Name,Date of Birth,Sex,Ethnic Group,Disability,Home Postcode,Job Role,Service,Contract,Weekly Hours,"
    "Start Date,Leaving Date,Leaving Reason,Sickness Days"
)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def row(number: int, *, hours: str = "37.5", role: str = "Care worker", leaving: str = "", reason: str = "") -> str:
    """One person of a simple return."""
    who = f"{number:03d},Ann{number},Example,14/05/198{number % 10},Female,White,Not disabled,LS8 5DL"
    return f"{who},{role},Care home without nursing,Permanent,{hours},01/09/2019,{leaving},{reason},2"


def staff(rows: Iterable[str] = (), *, count: int = 6) -> bytes:
    """The staff file of a simple return: these rows, else so many good ones."""
    lines = list(rows) or [row(number) for number in range(1, count + 1)]
    return ("\n".join([HEADERS, *lines]) + "\n").encode()


def upload(content: bytes | None = None, name: str = "staff.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, staff() if content is None else content)
