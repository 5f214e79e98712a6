"""The observatory: from figures to a frozen edition, and from an edition to what doors show."""
