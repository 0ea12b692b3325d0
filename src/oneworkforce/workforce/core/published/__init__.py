"""Published aggregates: national files read as published, and the real Leeds beside the synthetic."""

from oneworkforce.workforce.core.published.balance import Balance, balances
from oneworkforce.workforce.core.published.context import RealContext, Source, real_context, shipped_context, shipped_tables
from oneworkforce.workforce.core.published.tables import Published, read_published

__all__ = [
    "Balance",
    "Published",
    "RealContext",
    "Source",
    "balances",
    "read_published",
    "real_context",
    "shipped_context",
    "shipped_tables",
]
