"""The returns that partners would send, one module a format; each makes text tables with the headers of its specification."""
