"""The composite index: matrix → screen → impute → treat → normalise → weigh → aggregate → rank, and its uncertainty.

Pure methods: arrays in, arrays out. No disk, network, clock or hidden randomness.
"""
