# Everything a developer or operator does. Needs Python >= 3.11, Node >= 20 and make; `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
ENV ?= prod
PY := .venv/bin/python
CDK := node_modules/.bin/cdk
TOOLS := .venv/installed node_modules/installed dashboard/node_modules/installed
MADE_UP := tests/contract/test_schemathesis.py tests/contract/test_console_schemathesis.py
# The fast tests: all but the message path, templates, phones, models and the emulator.
FAST := tests/unit tests/store tests/gateways tests/contract tests/functions/sending/test_send.py $(MADE_UP:%=--ignore %)
MODEM := $(wildcard tests/phone/test_phone_modem_*.py)

export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export YES
export SMSKIT_SCHEDULES SMSKIT_SEED SMSKIT_BREAK

.PHONY: help install browser gammu up down status env logs smoke test check model simulate bench fuzz fast-tests deployed-tests browser-tests made-up-tests other-tests screenshots android android-test android-e2e android-pictures android-tools lint lint-sources lint-templates format synth deploy undeploy modem-tests

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /\1\t/' | expand -t 16

install: $(TOOLS) ## Install the tools into .venv, node_modules and dashboard/node_modules

up: $(TOOLS) ## Run SMSKit on this machine: emulator, deployment, a simulated phone, a few SMS
	@PYTHONPATH=. $(PY) -m smskit_local up

down: ## End everything that make up started
	@if [ -x $(PY) ]; then PYTHONPATH=. $(PY) -m smskit_local down; fi

status: $(TOOLS) ## Show what make up has running
	@PYTHONPATH=. $(PY) -m smskit_local status

env: ## Print what a shell needs to paste the commands of the documentation: eval "$(make -s env)"
	@[ -x $(PY) ] || { echo "nothing to talk to: run make up first" >&2; exit 1; }
	@PYTHONPATH=. $(PY) -m smskit_local env

logs: $(TOOLS) ## Show what a local function logged: make logs FUNCTION=client_api
	@PYTHONPATH=. $(PY) -m smskit_local logs "$(or $(FUNCTION),client_api)"

smoke: $(TOOLS) ## Try a deployment out, and leave nothing behind: make smoke ENV=local|dev|prod [WEBHOOK_URL=https://…]
	@PYTHONPATH=. $(PY) -m smskit_smoke --env "$(ENV)" --webhook-url "$(WEBHOOK_URL)"

check: $(TOOLS) ## Before a commit: lint and the fast tests, in less than 90 seconds
	@$(MAKE) --no-print-directory --jobs 2 lint-sources fast-tests

fast-tests:
	$(PY) -m pytest --quiet --durations 0 --durations-min 2 $(FAST)

test: $(TOOLS) .gammu/installed browser ## Lint and every test
	@$(MAKE) --no-print-directory --jobs 5 $(if $(filter output-sync,$(.FEATURES)),--output-sync) deployed-tests browser-tests modem-tests made-up-tests other-tests

# What runs on the emulator mostly waits; the others take what it leaves of two processors, and no more. The browser has
# a deployment of its own, whose logs are searched too: on that of the others it would begin when they are over, and be
# what everybody waits for.
deployed-tests:
	$(PY) -m pytest tests/e2e

browser-tests:
	nice -n 5 $(PY) -m pytest tests/browser tests/e2e/test_e2e_logs.py

# gammu rests at its start and around each part: six minutes of waiting, in which another test would find a processor.
modem-tests:
	nice -n 10 $(PY) -m pytest --numprocesses 4 --dist worksteal $(MODEM)

# To find out which requests there may be takes as long as to make some of them, and each process would have to.
made-up-tests:
	nice -n 10 $(PY) -m pytest $(MADE_UP)

# tests/infra/test_infra_rules.py holds the templates against what lint-templates would.
other-tests:
	@MAKEFLAGS= nice -n 10 $(MAKE) --no-print-directory lint-sources
	nice -n 10 $(PY) -m pytest --numprocesses 2 --dist worksteal --ignore tests/e2e --ignore tests/browser $(MODEM:%=--ignore %) $(MADE_UP:%=--ignore %)

model: $(TOOLS) ## Random schedules of the message's path and of its rules: make model SMSKIT_SCHEDULES=20000 (about 25 minutes)
	SMSKIT_RULE_SCHEDULES=$(or $(SMSKIT_RULE_SCHEDULES),40000) SMSKIT_DUE=$(or $(SMSKIT_DUE),10000) SMSKIT_BULK=$(or $(SMSKIT_BULK),100) $(PY) -m pytest --numprocesses 2 --dist worksteal tests/model

simulate: $(TOOLS) ## Up to 1,000 phones of an account on a virtual clock: make simulate [JSON=path] (3 to 6 minutes)
	@PYTHONPATH=. $(PY) -m tests.simulation $(if $(JSON),--json "$(JSON)")

bench: $(TOOLS) ## Figures that need a quiet machine or more time: webhooks beside a hanging endpoint and after an outage, a fleet, costs, the dashboard
	SMSKIT_BENCHMARK=1 $(PY) -m pytest -s tests/perf tests/conformance
	SMSKIT_BENCHMARK=1 SMSKIT_OUTAGE_EVENTS=1000 $(PY) -m pytest -s tests/e2e/test_e2e_webhooks.py tests/e2e/test_e2e_outages.py \
		tests/e2e/test_e2e_fleet.py tests/e2e/test_e2e_frames.py -k "hangs or outage or phones or befalls"
	SMSKIT_WAIT_SCALE=1 $(PY) -m pytest -s tests/e2e/test_e2e_two_minutes.py
	$(PY) -m pytest -s tests/browser/test_browser_speed.py

fuzz: $(TOOLS) ## Requests made up from both API documents, to the stack on the emulator: make fuzz [SMSKIT_EXAMPLES=60] (5 minutes)
	SMSKIT_EXAMPLES=$(or $(SMSKIT_EXAMPLES),60) $(PY) -m pytest -s tests/e2e/test_e2e_made_up.py

lint: $(TOOLS) ## Check style, types, layering and templates
	@$(MAKE) --no-print-directory --jobs 2 lint-sources lint-templates

lint-sources:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

lint-templates:
	$(PY) -m infra.packaging.synth prod .local/templates
	.venv/bin/cfn-lint --non-zero-exit-code error .local/templates/*.template.json

format: $(TOOLS) ## Rewrite the sources in the project's style
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

synth: $(TOOLS) ## Build the templates and packages of dev and prod; needs no credentials
	@for env in dev prod; do \
	  $(CDK) synth --all --quiet --no-notices --app "$(PY) app.py" --context env=$$env --output cdk.out/$$env; \
	  echo "cdk.out/$$env: $$(cd cdk.out/$$env && echo *.template.json)"; \
	done

CONFORMANCE = SMSKIT_CONFORMANCE="$$PWD/$(PY) -m smskit_phone conformance"

android: .venv/installed ## Build, test, sign and check the Android app, twice, and test its dex: phone/android/target/apk; FLAVOUR=release with your key
	@$(CONFORMANCE) phone/android/scripts/build.sh "$(or $(FLAVOUR),debug)"

android-test: .venv/installed ## Compile the Android app, run its tests, have it judged; needs JDK 17 and Maven, no Android SDK
	@$(CONFORMANCE) phone/android/scripts/test.sh

android-e2e: $(TOOLS) ## Pair the Android app with the stack of make up (brought up if it isn't): SMS out and in, on four Androids; APK=… as shipped
	@PYTHONPATH=. $(PY) -m smskit_smoke.lend phone/android/scripts/$(if $(APK),test_dex.sh "$(APK)",test.sh) -Dtest=EndToEndTest

screenshots: $(TOOLS) browser ## Take the pictures of the dashboard for docs/screenshots anew, on an emulator of their own (4 minutes)
	@PYTHONPATH=. $(PY) -m smskit_pictures

android-pictures: ## Draw the Android app's screens for docs/phones.md anew
	@phone/android/scripts/pictures.sh "$$PWD/docs/pictures/android"

android-tools: ## Install what the Android app needs from Debian's packages (as root)
	apt-get -qq update
	apt-get -qq install -y --no-install-recommends openjdk-17-jdk-headless maven zipalign apksigner dexdump enjarify zip unzip

given = $(if $(filter undefined,$(origin $(1))),,--$(2) "$($(1))")

deploy: $(TOOLS) ## Deploy to your AWS account: make deploy ENV=dev|prod [ALARM_EMAIL=… DASHBOARD_DOMAIN=… EDGE=true YES=1]
	@PYTHONPATH=. $(PY) -m smskit_deploy deploy --env "$(ENV)" $(call given,ALARM_EMAIL,alarm-email) \
	  $(call given,CONSOLE_URLS,console-urls) $(call given,DASHBOARD_DOMAIN,dashboard-domain) \
	  $(call given,DASHBOARD_CERTIFICATE,dashboard-certificate) $(call given,SELF_SIGN_UP,self-sign-up) $(call given,TRACING,tracing) \
	  $(call given,EDGE,edge)

undeploy: $(TOOLS) ## Remove a deployment from your AWS account: make undeploy ENV=dev|prod [DATA=1 YES=1]
	@PYTHONPATH=. $(PY) -m smskit_deploy undeploy --env "$(ENV)" $(if $(DATA),--data)

.venv/installed: requirements.lock pyproject.toml phone/agent/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SMSKit needs Python 3.11 or newer; set PYTHON=")'
	@echo "installing the Python tools ..."
	@[ -x $(PY) ] || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --require-hashes --requirement requirements.lock
	@PYTHONWARNINGS=ignore $(PY) -m pip install --quiet --no-deps --no-build-isolation --editable . --editable phone/agent
	@touch $@

browser: ## See that there is a Chromium for the tests of the dashboard; on Debian, as root, install it
	@command -v chromium > /dev/null || command -v google-chrome > /dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null || { echo "no Chromium here: install it (Debian: apt-get install chromium)" >&2; exit 1; }; \
	  echo "installing Chromium ..."; apt-get -qq update; apt-get -qq install -y --no-install-recommends chromium > /dev/null; }

gammu: .gammu/installed ## Install the program that runs GSM modems (GPL) into .gammu

.gammu/installed: phone/gammu/requirements.lock phone/gammu/pyproject.toml
	@echo "installing the modem program ..."
	@[ -x .gammu/bin/python ] || $(PYTHON) -m venv .gammu
	@.gammu/bin/python -m pip install --quiet --only-binary :all: --require-hashes --requirement phone/gammu/requirements.lock
	@PYTHONWARNINGS=ignore .gammu/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable phone/gammu
	@touch $@

dashboard/node_modules/installed: dashboard/package-lock.json node_modules/installed
	@echo "installing the dashboard's tools ..."
	@npm --prefix dashboard ci --silent
	@touch $@

node_modules/installed: package-lock.json
	@command -v npm > /dev/null || { echo "SMSKit needs Node 20 or newer with npm" >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a < 20 || (a == 20 && b < 19) ? 1 : 0)' \
	  || { echo "SMSKit needs Node 20.19 or newer, not $$(node --version)" >&2; exit 1; }
	@echo "installing the CDK command line ..."
	@npm ci --silent
	@touch $@
