"""`python -m diplolib` is `diplolib`."""

import sys

from diplolib.cli import main

sys.exit(main())
