# Every target works from a fresh checkout with python3 (venv, pip) and make alone.
.DEFAULT_GOAL := hilfe
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
# Workers of the test run; make test PYTEST="-n 0 -x" runs in one process and stops at the first failure.
PYTEST ?= -n auto --dist loadgroup

.PHONY: hilfe einrichten start test pruefen messen format

hilfe:
	@echo "make start [PORT=8000]  Anwendung mit Demonstrationsdaten starten"
	@echo "make einrichten         nur die Umgebung in .venv"
	@echo "make test               alle Tests"
	@echo "make pruefen            alles, was auch .ci/run prüft"
	@echo "make messen             Geschwindigkeit und Speicher"
	@echo "make format             Quelltext formatieren"

einrichten: .venv/eingerichtet

# The stamp is older than the lock when the lock has changed.
.venv/eingerichtet: requirements.txt uv.lock
ifdef UV
	@$(UV) sync --frozen --all-groups --quiet
else
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Bibliotheken werden eingerichtet …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
endif
	@touch $@

.env:
	@umask 077; $(PYTHON) -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(50))" > .env.neu
	@printf 'DEMO=true\nTLS=false\n' >> .env.neu
	@mv .env.neu .env

start: einrichten .env
	@$(PYTHON) -c "import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); \
	s.bind(('127.0.0.1', $(PORT)))" 2>/dev/null \
	|| { echo "Port $(PORT) ist belegt. Bitte einen anderen wählen: make start PORT=8123"; exit 1; }
	@mkdir -p daten
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createcachetable
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@$(BIN)/python manage.py demodaten --wenn-leer --ohne-konten
	@$(BIN)/python manage.py demokonten --falls-erlaubt
	@echo
	@echo "Die Anwendung läuft unter http://127.0.0.1:$(PORT) – beenden mit Strg+C."
	@echo
	@BIND=127.0.0.1:$(PORT) exec $(BIN)/gunicorn oberhausen_sozialplanung.wsgi

test: einrichten
	$(BIN)/python -m pytest $(PYTEST)

pruefen: einrichten
	.ci/run

messen: einrichten
	$(BIN)/python -m tests.messen

format: einrichten
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
