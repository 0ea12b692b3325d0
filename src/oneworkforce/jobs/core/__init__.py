"""What a job is, and what needs doing, without Django."""
