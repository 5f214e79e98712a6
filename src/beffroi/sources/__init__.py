"""Outside data: what publishers give, and the starter shipped with the project."""
