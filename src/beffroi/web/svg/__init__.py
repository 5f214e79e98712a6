"""Pictures drawn on the server: plain values in, SVG text out. No script, no request, readable in print."""
