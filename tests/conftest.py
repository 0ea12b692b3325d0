"""What every kind of test may use."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of design, cases and public data beside the checkout; tests may read it, the product may not."""
    return Path(__file__).resolve().parents[1].parent / "shared"
