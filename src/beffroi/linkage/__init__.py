"""Linkage: records of several lists in, judgements proposed. Pure: no disk, no network, no clock, no hidden chance."""
