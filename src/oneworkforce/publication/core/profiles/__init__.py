"""Named disclosure profiles: what is hidden and how the rest is rounded, as dated data in the YAML files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from oneworkforce.errors import Unanswerable

_FOLDER = files("oneworkforce.publication.core") / "profiles"


@dataclass(frozen=True)
class Profile:
    """The rules under which a table is released.

    Parameters:
        name, label, audience: who this is for.
        valid_from, review: first day in force; day by which its owner looks at it again.
        source: why the rules are as they are.
        threshold: people; a count below it is hidden (0 hides nothing).
        rounding: base; a shown figure is the nearest multiple (1: counts as they are, other figures to `decimals`).
        decimals: decimal places of figures that are not counts where rounding is 1.
        zeros_shown: False hides a zero as any small count is hidden.
        minimum_contributors: partners; a city figure made of fewer is hidden (0: never).
        contributor_protection: share of a figure hidden for few contributors, by which it must stay uncertain either way.
        contributors_attack: True where a contributor may be reading, who knows its own figures and may subtract them.
        dominance: share of the largest contributor above which a figure is hidden; None, the only value in force, is off.

    >>> profile("public").threshold, profile("own").threshold
    (5, 0)
    """

    name: str
    label: str
    audience: str
    valid_from: date
    review: date
    source: str
    threshold: int
    rounding: int
    decimals: int
    zeros_shown: bool
    minimum_contributors: int
    contributor_protection: float
    contributors_attack: bool
    dominance: float | None

    def __post_init__(self) -> None:
        if self.rounding < 1 or self.threshold < 0:
            raise ValueError(f"Profile {self.name}: rounding is at least 1 and the threshold at least 0.")
        if 0 < 2 * self.threshold < self.rounding:
            raise ValueError(f"Profile {self.name}: with this rounding a count that may be shown would read as zero.")
        if self.dominance is not None:
            raise ValueError(f"Profile {self.name}: the dominance rule is not in force; leave it null.")

    @property
    def hides_nothing(self) -> bool:
        """True where every figure is shown."""
        return self.threshold <= 1 and self.minimum_contributors <= 1 and self.zeros_shown

    @property
    def small_words(self) -> str:
        """What stands in place of a hidden small number."""
        return f"fewer than {self.threshold}"

    @property
    def words(self) -> str:
        """The rules in a sentence for the page."""
        if self.hides_nothing:
            return f"Released under the profile “{self.label}”: nothing is hidden."
        zero = "Zeros are shown." if self.zeros_shown else "Zeros are hidden as small numbers are."
        rounded = f" The rest are rounded to the nearest {self.rounding}." if self.rounding > 1 else ""
        few = f" City figures from fewer than {self.minimum_contributors} partners are hidden." if self.minimum_contributors > 1 else ""
        return (
            f"Released under the profile “{self.label}”: numbers below {self.threshold} are hidden, and others where they would "
            f"give a hidden one away. {zero}{rounded}{few}"
        )


@cache
def profile_names() -> tuple[str, ...]:
    """Every profile there is, by name.

    >>> profile_names()
    ('analyst', 'own', 'partner', 'public', 'published')
    """
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in _FOLDER.iterdir() if entry.name.endswith(".yaml")))


def profile(name: str, on: date | None = None) -> Profile:
    """The profile of that name as in force on that day (None: the latest).

    Raises:
        KeyError: there is no such profile.
        Unanswerable: it was not in force yet.

    >>> profile("analyst").words.startswith("Released under the profile “Analyst”: numbers below 5 are hidden")
    True
    """
    if name not in profile_names():
        raise KeyError(f"There is no disclosure profile {name!r}; there are: {', '.join(profile_names())}")
    versions = [version for version in _versions(name) if on is None or version.valid_from <= on]
    if not versions:
        raise Unanswerable(f"The disclosure profile {name!r} was not in force on {on}.")
    return max(versions, key=lambda version: version.valid_from)


@cache
def _versions(name: str) -> tuple[Profile, ...]:
    document = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
    return tuple(_version(name, document, entry) for entry in document["versions"])


def _version(name: str, document: Mapping[str, Any], entry: Mapping[str, Any]) -> Profile:
    rules = {key: value for key, value in entry.items() if key not in ("from", "owner")}
    return Profile(name=name, label=document["label"], audience=document["audience"], valid_from=entry["from"], **rules)
