"""What `make mutants` needs beside the other tests; without it, they would only repeat `make test`."""

import os

# mutmut says in this variable what it is doing.
collect_ignore_glob = [] if "MUTANT_UNDER_TEST" in os.environ else ["test_*.py"]
