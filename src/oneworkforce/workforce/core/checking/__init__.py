"""Checking: a return is read into types against its specification, and everything there is to say about it is said at once."""

from oneworkforce.workforce.core.checking.context import Checked, Context
from oneworkforce.workforce.core.checking.engine import Asked, Begun, begun, check

__all__ = ["Asked", "Begun", "Checked", "Context", "begun", "check"]
