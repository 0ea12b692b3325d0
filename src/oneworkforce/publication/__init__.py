"""The only way out for a figure: provenance, disclosure control, released tables, charts and downloads."""
