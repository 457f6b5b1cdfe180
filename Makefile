PYTHON ?= python3
.PHONY: help run test test-faults lint fix
help: ; @$(PYTHON) dev.py
run: ; @$(PYTHON) dev.py run
test: ; @$(PYTHON) dev.py test $(ARGS)
test-faults: ; @$(PYTHON) dev.py test-faults $(ARGS)
lint: ; @$(PYTHON) dev.py lint
fix: ; @$(PYTHON) dev.py fix
