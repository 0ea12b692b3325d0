"""Roles and what each may do, without Django."""
