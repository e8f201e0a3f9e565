"""Which results depend on a choice: every claim, contrast and ratio under all documented choices.

`data/reference/choices.csv` lists the choices and their values. Its set is ours: how many
specifications agree says nothing about what is true.
"""
