"""Outside data: figures of publishers, fetched and kept byte for byte, and the starter shipped with the project."""
