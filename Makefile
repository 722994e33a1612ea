# The commands of 食安台账, from nothing on a Debian 12 machine with Python 3.11 and make:
#
#   make run          open the demo ledger (without a display: write its documents into out/)
#   make test         run the tests
#   make test-postgres  run those of the data layer on PostgreSQL, with a server made for it alone
#   make lint         ruff and mypy
#   make bench        print the table of speed ratios
#   make screenshots  take the README's pictures
#
# Each installs what it lacks, once: system packages through apt, the rest into .venv.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install -q --disable-pip-version-check -c constraints.txt
DEMO := demo-ledger
# How many processes share the tests; "make test WORKERS=0" runs them in one.
WORKERS := auto

.PHONY: run test test-postgres lint bench screenshots

# The demo is made under another name first, so that an interrupted one is never taken for whole.
run: $(VENV)/ready-test
	@if [ ! -e $(DEMO) ]; then \
	    rm -rf $(DEMO).new && $(PYTHON) app.py --data-dir $(DEMO).new demo --out out && mv $(DEMO).new $(DEMO); \
	elif [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    $(PYTHON) app.py --temp demo --out out; \
	fi
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    $(PYTHON) app.py --data-dir $(DEMO); \
	else \
	    echo "没有显示器，不开窗口；演示的文书和报告已写入 out/。"; \
	fi

test: $(VENV)/ready-test
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile

# The driver lies beside the other packages, not among them: with it Peewee takes longer to load.
test-postgres: $(VENV)/ready-postgresql
	PYTHONPATH=$(VENV)/postgresql $(PYTHON) scripts/throwaway_postgres.py \
	    $(PYTHON) -m pytest -m postgresql -n $(WORKERS) --dist loadfile tests/models

lint: $(VENV)/ready-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

bench: $(VENV)/ready-test
	$(PYTHON) tests/benchmarks/run.py

screenshots: $(VENV)/ready-test
	scripts/system_packages.sh screenshots
	xvfb-run --auto-servernum --server-args="-screen 0 1366x768x24" sh -c \
	    'openbox & manager=$$!; $(PYTHON) scripts/screenshots.py --size 1366x744; code=$$?; kill $$manager; exit $$code'

# Stamps: made when everything is installed, out of date when a list of dependencies has changed.
$(VENV)/ready-test: setup.cfg pyproject.toml constraints.txt scripts/system_packages.sh $(VENV)/made
	scripts/system_packages.sh window
	@echo "正在安装 Python 软件包（第一次约 150 MB，请稍候）…"
	$(PIP_INSTALL) -e '.[test]'
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready-test
	$(PIP_INSTALL) -e '.[test,dev]'
	@touch $@

$(VENV)/ready-postgresql: $(VENV)/ready-test
	$(PYTHON) scripts/throwaway_postgres.py --found || scripts/system_packages.sh postgresql
	$(PIP_INSTALL) --upgrade --target $(VENV)/postgresql 'psycopg[binary]'
	@touch $@

# The first Python that is new enough and can make a venv; a .venv that works is kept.
FIND_PYTHON = for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done

$(VENV)/made:
	@[ -n "$$($(FIND_PYTHON))" ] || scripts/system_packages.sh python window
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
	    echo "需要 Python 3.11 或更新版本 (Python 3.11 or newer is needed)." >&2; exit 1; \
	fi; \
	$(PYTHON) -m pip --version >/dev/null 2>&1 || $$python -m venv --clear $(VENV)
	@touch $@
