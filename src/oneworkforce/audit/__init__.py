"""The append-only record of every write and every read of person-level data."""
