"""The city's picture: from assignments of every month to people, posts and flows, and the fixed tables that are released."""

from oneworkforce.workforce.core.picture.comparison import compare
from oneworkforce.workforce.core.picture.measures import MeasureDefinition, measure, measures, with_intervals, with_measures
from oneworkforce.workforce.core.picture.picture import Picture, build
from oneworkforce.workforce.core.picture.planning import demand, exposures, role_moves, stock
from oneworkforce.workforce.core.picture.restatement import balance, restatements
from oneworkforce.workforce.core.picture.tables import TableDefinition, table, table_definitions

__all__ = [
    "MeasureDefinition",
    "Picture",
    "TableDefinition",
    "balance",
    "build",
    "compare",
    "demand",
    "exposures",
    "measure",
    "measures",
    "restatements",
    "role_moves",
    "stock",
    "table",
    "table_definitions",
    "with_intervals",
    "with_measures",
]
