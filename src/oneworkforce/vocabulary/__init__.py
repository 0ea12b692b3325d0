"""The words that the city shares: code lists with their labels and dates, and how each format's own codes map to them."""

from oneworkforce.vocabulary.codes import CodeList, code_list, code_list_names
from oneworkforce.vocabulary.mappings import mapping, mapping_formats

__all__ = ["CodeList", "code_list", "code_list_names", "mapping", "mapping_formats"]
