PYTHON ?= python3
.PHONY: help run test lint fix
help: ; @$(PYTHON) dev.py
run: ; @$(PYTHON) dev.py run
test: ; @$(PYTHON) dev.py test $(ARGS)
lint: ; @$(PYTHON) dev.py lint
fix: ; @$(PYTHON) dev.py fix
