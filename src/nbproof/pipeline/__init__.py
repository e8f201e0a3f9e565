"""How the collection is run: each notebook's parameter contract, and its execution by papermill."""
