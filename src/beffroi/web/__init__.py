"""The web door: pages, pictures, downloads and the read API of the observatory."""
