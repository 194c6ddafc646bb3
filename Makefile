# What a developer runs. `make` alone lists it. Each target sets up what it lacks.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help

BIN := node_modules/.bin
SETUP := ts/tool/setup.sh
SECTION := ts/tool/section.sh
# CI counts the lines that the native tests reach; that takes tools of its own.
CARGO_TEST = $(if $(CI),ts/tool/coverage.sh test,cargo test --locked)
PASTE_IN_TESTS = --no-default-features --features hook --test matrix --test filter --test recipient_locale --test hostile --test providers
NODE_TESTS = $(wildcard tests/node/*.test.ts tests/deno/*.test.ts tests/worker/*.test.ts tests/package/*.test.ts tests/playground/*.test.ts)

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 24

.PHONY: demo
demo: build ## Watch the hook send an invitation, on this machine alone
	@$(BIN)/tsx ts/tool/demo.ts

.PHONY: test
test: ## Run all tests: Rust, wasm in Node and Chrome, TypeScript in Node and Deno, the package in every host
	@$(SECTION) "Set-up" $(SETUP) --for test
	@[[ -z "$(CI)" ]] || $(SETUP) --for coverage
	@$(MAKE) build
	@$(SECTION) "Wasm" ts/tool/wasm.sh hook build/wasm/hook
	@$(SECTION) "Wasm that unpacks it" ts/tool/wasm.sh inflate build/wasm/inflate
	@$(SECTION) "Wasm, for processes that live" ts/tool/wasm.sh npm build/wasm/npm
	@$(SECTION) "Rust, native" $(CARGO_TEST)
	@$(SECTION) "Rust, native, the paste-in build" $(CARGO_TEST) $(PASTE_IN_TESTS)
	@[[ -z "$(CI)" ]] || $(SECTION) "Coverage" ts/tool/coverage.sh report
	@$(SECTION) "Rust in wasm, Node" ts/tool/wasm-test.sh node
	@$(SECTION) "Rust in wasm, Chrome" ts/tool/wasm-test.sh chrome
	@$(SECTION) "TypeScript, and the package in every host" node --import tsx --test --test-reporter=spec $(NODE_TESTS)

.PHONY: build
build: ## Build pkg/ where its sources have changed
	@$(SETUP) --for demo
	@if $(BIN)/tsx ts/tool/build.ts --check; then \
	  echo "pkg/ is up to date with its sources: no Rust needed."; \
	else \
	  $(MAKE) rebuild; \
	fi

.PHONY: rebuild
rebuild: ## Build pkg/ whether or not its sources have changed
	@$(SETUP) --for build
	@$(SECTION) "Wasm" ts/tool/wasm.sh hook build/wasm/hook
	@$(SECTION) "Wasm that unpacks it" ts/tool/wasm.sh inflate build/wasm/inflate
	@$(SECTION) "Wasm, for processes that live" ts/tool/wasm.sh npm build/wasm/npm
	@$(SECTION) "pkg/, the npm package" $(BIN)/tsx ts/tool/build-npm.ts
	@$(SECTION) "pkg/, the paste-in files" $(BIN)/tsx ts/tool/build.ts
	@$(SECTION) "pkg/, the playground" $(BIN)/tsx ts/tool/build-playground.ts

.PHONY: playground
playground: build ## Configure, see, test and copy the hook in a browser
	@$(BIN)/tsx ts/tool/serve-playground.ts

.PHONY: screenshots
screenshots: build ## Pictures of the playground, into build/screenshots
	@$(BIN)/tsx ts/tool/screenshots.ts

.PHONY: check-pkg
check-pkg: ## Rebuild pkg/ with the recorded toolchain and compare it byte for byte
	@$(SECTION) "pkg/ against its sources" ts/tool/check-pkg.sh

.PHONY: fuzz
fuzz: ## Fuzz the core: FUZZ_SECONDS (60) for each target, or for those in TARGETS
	@$(SETUP) --for fuzz
	@ts/tool/fuzz.sh $(TARGETS)

.PHONY: coverage
coverage: ## Which lines of the core the native tests reach, file by file
	@$(SETUP) --for coverage
	@ts/tool/coverage.sh test
	@ts/tool/coverage.sh test $(PASTE_IN_TESTS)
	@ts/tool/coverage.sh report

.PHONY: audit
audit: ## Check licences, sources, versions and known advisories of all that is built with
	@$(SETUP) --for lint
	@ts/tool/audit.sh

.PHONY: mutants
mutants: ## Which changes to the core no test notices: hours, or less for the FILES named
	@$(SETUP) --for mutants
	@ts/tool/mutants.sh $(FILES)

.PHONY: bench
bench: bench-size bench-start bench-throughput bench-growth bench-serve bench-import ## Measure everything, and write it down in docs/benchmarks/

.PHONY: bench-size
bench-size: build ## Measure what it weighs, and what each provider and language adds
	@$(SETUP) --for build
	@$(BIN)/tsx tests/bench/size.ts --write

.PHONY: bench-start
bench-start: build ## Measure a fresh process for every event, as Authgear starts one
	@$(BIN)/tsx tests/bench/start.ts --write

.PHONY: bench-throughput
bench-throughput: build ## Measure the way from a webhook's bytes to a provider's request, beside libraries and code by hand
	@[[ -e build/wasm/npm/base64.js ]] || $(MAKE) rebuild
	@$(BIN)/tsx tests/bench/throughput.ts --write

.PHONY: bench-growth
bench-growth: build ## Measure how a decision grows with identities, rules, locales and templates
	@[[ -e build/wasm/npm/base64.js ]] || $(MAKE) rebuild
	@$(BIN)/tsx tests/bench/growth.ts --write

.PHONY: bench-serve
bench-serve: build ## Measure authgear-invite serve: events a second, latency, memory
	@$(BIN)/tsx tests/bench/serve.ts --write

.PHONY: faults
faults: build ## Try every fault of every provider at every moment, and write docs/faults.md
	@[[ -e build/wasm/npm/base64.js ]] || $(MAKE) rebuild
	@WRITE_DOCS=1 node --import tsx --test --test-reporter=dot tests/node/faults.test.ts

.PHONY: soak
soak: build ## Let SOAK_EVENTS (100,000) events through, one request in five failing, and write docs/soak.md
	@[[ -e build/wasm/npm/base64.js ]] || $(MAKE) rebuild
	@$(BIN)/tsx tests/soak/main.ts

.PHONY: bursts
bursts: build ## Let 300 accounts be made at once, in a model and with real processes, and write docs/bursts.md
	@$(SETUP) --for test
	@$(BIN)/tsx tests/bursts/bursts.ts

.PHONY: bench-import
bench-import: build ## Measure authgear-invite import: rows a second, memory
	@$(BIN)/tsx tests/bench/import.ts --write

.PHONY: lint
lint: ## Check format, types and lints
	@$(SETUP) --for lint
	@$(SECTION) "rustfmt" cargo fmt --check
	@$(SECTION) "Clippy" cargo clippy --locked --all-targets -- -D warnings
	@$(SECTION) "Clippy, the paste-in build" cargo clippy --locked --lib --no-default-features --features hook -- -D warnings
	@$(SECTION) "Clippy, what packs it" cargo clippy --locked --bin pack --no-default-features --features pack -- -D warnings
	@$(SECTION) "Biome" $(BIN)/biome check
	@$(SECTION) "TypeScript's types" $(BIN)/tsc --noEmit
	@$(SECTION) "TypeScript's types, on Workers" $(BIN)/tsc -p ts/worker

.PHONY: clean
clean: ## Delete what was built; node_modules and the cache folder stay
	rm -rf build target
