"""The city's picture: from assignments of every month to people, posts and flows, and the fixed tables that are released."""

from oneworkforce.workforce.core.picture.picture import Picture, build

__all__ = ["Picture", "build"]
