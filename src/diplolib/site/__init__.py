"""What the rendered site needs beyond Sphinx."""
