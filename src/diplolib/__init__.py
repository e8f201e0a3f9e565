"""Clean tables, figures and checks for studies of city diplomacy."""
