"""Definitions as files: indicators, indices, sources, comparison sets, units."""
