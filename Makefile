# Everything here is also a plain pip or python command: see README.md, "Install".
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := resources/layouts/eight_objects.layout.json
DEMO := demo-out

TEXTS := resources/translations/boxpaint_de.ts

# Tests of one file stay in one process: they share what took long to make.
PYTEST := -m pytest -n auto --dist loadfile

.PHONY: setup run demo test coverage end-to-end lint bench audit licences docs translations packages bundle bundle-check clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

# Without a display (and not on macOS, which needs no such variable) the same job is done headless.
run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/boxpaint $(SAMPLE); \
	else \
		echo "There is no display, so no window can open: doing the same job headless (make demo)."; \
		$(MAKE) --no-print-directory demo; \
	fi

demo: setup
	$(BIN)/boxpaint generate $(SAMPLE) --out $(DEMO) --contact-sheet

test: setup
	$(BIN)/python $(PYTEST)

# Which lines the tests reach, also in the processes that they start; fails when a part is below its limit, in percent.
coverage: setup
	rm -rf build/coverage
	mkdir -p build/coverage
	$(BIN)/coverage run $(PYTEST)
	$(BIN)/coverage combine --quiet
	@low=""; for part in engine:90 ui:80 desktop_app:80; do \
		$(BIN)/coverage report --skip-covered --include "$${part%:*}/*" --fail-under $${part#*:} || low="$$low $${part%:*}"; \
	done; [ -z "$$low" ] || { echo "Too little is tested in:$$low"; exit 1; }

# The real window on a screen of its own, by mouse and keyboard; CONTRIBUTING.md tells what has to be installed.
end-to-end: setup
	$(BIN)/python -m pytest tests/end_to_end -m "long or not long"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/boxpaint bench

# An API reference in build/docs. What runs inside of Blender cannot be imported here; pdoc's other warnings are about annotations.
docs: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	$(BIN)/python -W ignore::UserWarning -m pdoc --docformat google --output-directory build/docs engine '!engine.clevr.blender.inside'

# Known holes in the packages that are pinned; asks PyPI's advisory service, and fails where that cannot be reached.
audit: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.10"
	$(BIN)/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

# docs/licences.md
licences: setup
	$(BIN)/python resources/packaging/licences.py

# What was added to the source is left to be translated; docs/translations.md tells how.
translations: setup
	$(BIN)/pyside6-lupdate $$(find desktop_app ui -name '*.py' | sort) -ts $(TEXTS) \
		-tr-function-alias QT_TRANSLATE_NOOP+=N_ -locations none -no-obsolete
	$(BIN)/pyside6-lrelease $(TEXTS)

# Wheel and sdist, in dist/.
packages: setup
	$(BIN)/python -m build --no-isolation

# A folder that holds the program and its Python, in dist/; docs/packages.md tells about Windows and macOS.
bundle: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pyinstaller
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build/bundle resources/packaging/boxpaint.spec

bundle-check: bundle
	$(BIN)/python resources/packaging/check.py dist/boxpaint

clean:
	rm -rf $(VENV) $(DEMO) build dist
