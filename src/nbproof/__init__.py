"""Reproducible notebook collections: tables, runs, lineage, verification, pages."""
