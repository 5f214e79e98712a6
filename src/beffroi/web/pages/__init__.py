"""Views: read the address, call one function of the observatory, show."""
