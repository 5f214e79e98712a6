"""Words every floor shares: regions, periods, units, observations, provenance, errors."""
