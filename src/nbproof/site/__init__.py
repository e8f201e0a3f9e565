"""The rendered site: pages made from executed notebooks and tables, handed to Sphinx."""
