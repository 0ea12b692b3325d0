"""Conversion: a checked return of any format becomes assignments, posts, identifiers apart, and values that a person must still map."""

from oneworkforce.workforce.core.conversion.converted import Converted, as_assignments

__all__ = ["Converted", "as_assignments"]
