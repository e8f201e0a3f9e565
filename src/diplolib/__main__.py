"""`python -m diplolib` is `diplolib`."""

import sys

from diplolib.cli import main

if __name__ == "__main__":
    sys.exit(main())
