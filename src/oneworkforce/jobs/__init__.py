"""Long work: progress, cancel, resume; and what needs doing today."""
