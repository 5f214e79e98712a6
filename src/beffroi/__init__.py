"""Beffroi: the belfry of a regional digital cluster."""

__version__ = "0.1.0"
