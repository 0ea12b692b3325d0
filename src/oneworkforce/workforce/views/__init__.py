"""Pages of the workforce room."""
