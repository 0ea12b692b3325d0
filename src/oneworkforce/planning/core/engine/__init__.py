"""One model, three ways to run it, and a plain reference that all are held against."""

from oneworkforce.planning.core.engine.runs import Run, ensemble, expected, simulate

__all__ = ["Run", "ensemble", "expected", "simulate"]
