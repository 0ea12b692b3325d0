"""A life cycle is one table of `state, verb, next state, who, when`; code and docs read the same table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oneworkforce.errors import Invalid


@dataclass(frozen=True)
class Step:
    """One row of a life cycle: from `state`, `who` may `verb`, and it is then in `next_state`.

    `when` is the condition in words, for the docs and the person; the policy that checks it bears the verb's name.
    """

    state: str
    verb: str
    next_state: str
    who: str
    when: str = ""


@dataclass(frozen=True)
class LifeCycle:
    """Every state a thing can be in and every step between them.

    >>> door = LifeCycle("door", (Step("open", "shut", "shut", "anyone"), Step("shut", "open", "open", "anyone")))
    >>> door.after("open", "shut")
    'shut'
    >>> door.verbs("shut")
    ('open',)
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in order of first mention."""
        return tuple(dict.fromkeys(state for step in self.steps for state in (step.state, step.next_state)))

    def verbs(self, state: str) -> tuple[str, ...]:
        """What can be done from this state."""
        return tuple(step.verb for step in self.steps if step.state == state)

    def after(self, state: str, verb: str) -> str:
        """The state that follows; raises `Invalid` with the sentence a person reads where the step does not exist."""
        for step in self.steps:
            if (step.state, step.verb) == (state, verb):
                return step.next_state
        possible = _joined(self.verbs(state)) or "nothing more"
        raise Invalid(f"This {self.name} is {state}, so it cannot be {verb} now. What can be done from here: {possible}.")


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)
