"""One module a figure: `table()` gives exactly what is drawn, `draw()` draws it, `describe()` says it.

A figure's table has one row a mark; the column `mark` says which kind. Neither function reads or
writes a file: `card.publish()` shows and stores.
"""
