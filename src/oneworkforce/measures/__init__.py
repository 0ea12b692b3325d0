"""Rates and shares with what is not known of them: pure functions of counts, for every room above."""

from oneworkforce.measures.intervals import byar, exact_poisson, wilson

__all__ = ["byar", "exact_poisson", "wilson"]
