"""Synthetic Leeds: a generator of the returns that every partner of a city would send, and of the truth behind them.

Start with `synthesise(Path("tiny"), people=600, months=6)`; `truth_of` gives the truth alone, `calibration` holds it against published figures.
"""

from oneworkforce.workforce.core.synthesis.calibration import calibration
from oneworkforce.workforce.core.synthesis.city import Summary, synthesise, truth_of
from oneworkforce.workforce.core.synthesis.rates import leaving_rates, vacancy_rates

__all__ = ["Summary", "calibration", "leaving_rates", "synthesise", "truth_of", "vacancy_rates"]
