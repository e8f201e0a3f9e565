# Every target keeps its tools in .venv/ and can be run again at any time.
PYTHON ?= python3
BIN := .venv/bin
# Debian, macOS: python3 with pip and venv. Windows: docs/running.md lists the plain commands.

.PHONY: help reproduce test pythons lab site pdf archive site-test live live-test faults mutants soak bench bench-places record verify tamper lint size lock clean

# Into .venv/, whatever the environment says; pip's files too may ask for --user.
export PIP_USER := 0
unexport PIP_TARGET PIP_PREFIX PIP_ROOT

help:
	@echo "make reproduce   clean the tables, run the notebooks, write figures/"
	@echo "make test        unit tests, data checks, nbval over all notebooks"
	@echo "make verify      run everything afresh elsewhere and compare it with what is committed"
	@echo "make tamper      change every output and source in a copy; does verify say so? (minutes)"
	@echo "make lab         open JupyterLab on the notebooks"
	@echo "make site        render the notebooks as a site in site/_build/html, English and Turkish"
	@echo "make pdf         findings, figures, tables and statements as PDF in build/pdf, English and Turkish"
	@echo "make archive     all of it in one zip for an archive, with its metadata, in build/archive"
	@echo "make site-test   build the site and look at every page in a browser (needs chromium)"
	@echo "make live        let the site's readers compute in their browser: PYODIDE=CARRIER, see docs/live.md"
	@echo "make live-test   compute in a browser all that pages can compute, beside what is committed"
	@echo "make faults      a tenth of the faults: killed runs, full disks, bad tables, hostile names"
	@echo "make mutants     change the library's logic in thousands of ways: do the tests notice? (hours)"
	@echo "make soak        tamperings, faults, figures and mutants in full (hours), recorded in tests/"
	@echo "make bench       other ways of running the notebooks beside this one (about half an hour)"
	@echo "make bench-places DATA=FILE   how well places are found, on names with known coordinates"
	@echo "make record      verify everything and record the result for the site's page"
	@echo "make pythons     the same bytes on every other Python that is named? (minutes; needs them)"
	@echo "make lint        format and rules (ruff), which way imports run, types (mypy), size of the packages"
	@echo "make lock        refresh the four lock files from pyproject.toml (maintainers)"
	@echo "make clean       remove .venv/, build/ and site/_build/"

.venv/.core: requirements.lock pyproject.toml
	@$(PYTHON) tools/python_bounds.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: requirements-test.lock .venv/.core
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

reproduce: .venv/.core
	$(BIN)/diplolib reproduce

# A file's tests stay together: one process makes what they share. Four take memory enough. Files come in
# their order, not those of most tests first: the last ones are short, and no process waits long.
test: .venv/.test
	$(BIN)/python -m pytest --nbval -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder tests notebooks
	@echo "All checks passed. Data: data/processed/  Figures: figures/  Notebooks: notebooks/"

verify: .venv/.core
	$(BIN)/diplolib verify

# Fresh clones in build/pythons/, hence of what is committed.
pythons: .venv/.core
	$(BIN)/python tools/pythons.py

tamper: .venv/.test
	$(BIN)/python tests/tamper/suite.py
	$(BIN)/python tests/tamper/falsehoods.py

lab: .venv/.core
	$(BIN)/jupyter lab notebooks

.venv/.site: requirements-site.lock .venv/.test
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-site.lock
	@touch $@

site: .venv/.site
	$(BIN)/diplolib site

pdf: .venv/.site reproduce
	$(BIN)/diplolib companion

# Of what is committed; DOI=10.5281/zenodo.1234567 puts in one that is reserved.
archive: .venv/.site reproduce
	$(BIN)/diplolib archive $(if $(DOI),--doi $(DOI))

# Required: without a browser, or a package, this fails. In `make test` these tests are skipped.
site-test: .venv/.site reproduce
	NBPROOF_SITE_REQUIRED=1 $(BIN)/python -m pytest -m "not live and not alone" -n 2 --dist loadscope --no-loadscope-reorder tests/site tests/test_companion.py
	NBPROOF_SITE_REQUIRED=1 $(BIN)/python -m pytest -m alone tests/site

# The carrier: a folder or archive of Pyodide's release, or NAME==VERSION of the package index.
live: .venv/.site
	$(BIN)/diplolib live --pyodide "$(PYODIDE)"

live-test: .venv/.site reproduce
	NBPROOF_SITE_REQUIRED=1 NBPROOF_LIVE_REQUIRED=1 $(BIN)/python -m pytest -m live tests/site

# NBPROOF_FAULTS is the share of the tries.
faults: .venv/.test
	NBPROOF_FAULTS=0.1 $(BIN)/python -m pytest tests/faults

.venv/.mutants: requirements-mutants.lock .venv/.test
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-mutants.lock
	@touch $@

mutants: .venv/.mutants
	$(BIN)/python tools/mutants.py run
	$(BIN)/python tools/mutants.py report --write tests/mutants-results.md

# What takes long and is run now and then; each part puts its section into tests/soak-results.md.
soak: .venv/.site
	$(BIN)/python tests/tamper/suite.py --record tests/soak-results.md
	$(BIN)/python tests/tamper/suite.py --full --record tests/soak-results.md
	$(BIN)/python tools/soak.py faults env NBPROOF_FAULTS=1 $(BIN)/python -m pytest tests/faults
	$(BIN)/python tools/soak.py figures env NBPROOF_POINTS=10 $(BIN)/python -m pytest tests/figures/test_every_figure.py
	$(MAKE) mutants

# Snakemake and ploomber-engine only to compare with: in an environment of their own.
build/bench/.installed:
	$(PYTHON) -m venv build/bench
	build/bench/bin/python -m pip install --quiet 'snakemake >=9.27' 'ploomber-engine >=0.0.33'
	@touch $@

bench: .venv/.core build/bench/.installed
	$(BIN)/python tools/bench.py --snakemake build/bench/bin/snakemake --ploomber build/bench

# DATA: a file with columns partner, country, latitude, longitude.
bench-places: .venv/.test
	$(BIN)/python tools/bench_places.py $(DATA)

record: .venv/.test
	$(BIN)/diplolib verify --json docs/verification.json
	$(BIN)/diplolib standards

size:
	@python3 tools/size.py

lint: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python tools/size.py

# uv resolves for every platform and Python at once, one release of each package; the locks name no index.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --fork-strategy fewest \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(LOCK) pyproject.toml build-backend.in -o requirements.lock
	$(LOCK) pyproject.toml build-backend.in --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) pyproject.toml build-backend.in --extra test --extra site --extra archive -c requirements-test.lock -o requirements-site.lock
	$(LOCK) pyproject.toml build-backend.in --extra test --extra mutants -c requirements-test.lock -o requirements-mutants.lock

clean:
	rm -rf .venv build site/_build
