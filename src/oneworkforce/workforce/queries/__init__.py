"""Reads of the workforce room: frozen dataclasses, frames and Released tables, never a QuerySet."""
