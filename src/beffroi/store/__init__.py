"""Our own files: the only floor that opens DuckDB and writes Parquet, always to a temporary place first."""
