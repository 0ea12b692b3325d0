"""The command line: one thin file a room, joined here."""

from oneworkforce.cli.app import main

__all__ = ["main"]
