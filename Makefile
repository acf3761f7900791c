# The commands of this project. `make help` lists them.

export TRUCE_STRICT := 1

RELEASE := .build/release
SWIFT_TEST := swift test --quiet
SERVER_TESTS := TruceServeTests
ENGINE_TESTS := TorchTests,TorchNNTests,TruceModelsTests,TruceTorchTests

.DEFAULT_GOAL := help
.PHONY: help setup build programs server release test check examples lint test-release readme docs demo bench-peers bench-quick bench-check format clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: ## fetch libtorch, the demo's data and plotly.js (idempotent)
	@Scripts/setup

build: setup ## build everything, debug
	swift build --build-tests

programs: setup ## build what the demo needs, optimised: truce and its engine
	@Scripts/build truce truce-engine

server: ## build the program behind `truce study serve`, optimised
	@Scripts/build truce-serve

release: setup ## build all programs, optimised
	@Scripts/build truce truce-engine truce-serve

# The server's tests wait for answers of this same process: other tests that hold its few threads would make them late.
test: build ## run all tests, debug
	$(SWIFT_TEST) --skip-build --skip $(SERVER_TESTS)
	$(SWIFT_TEST) --skip-build --filter $(SERVER_TESTS)

# These tests see no more of the modules than the package does, so that the modules are those of the programs, compiled once.
test-release: setup ## run the binding's and the bridge's tests again, optimised
	TRUCE_ROOMS=$(ENGINE_TESTS) swift build -c release --build-tests
	TRUCE_ROOMS=$(ENGINE_TESTS) $(SWIFT_TEST) -c release --skip-build

lint: setup ## formatting, file and function sizes, what may import what
	swift format lint --strict --recursive Package.swift Sources Tests
	Scripts/lint

format: ## format the sources in place
	swift format --in-place --recursive Package.swift Sources Tests

readme: programs ## run the commands the README shows
	Scripts/check-readme

check: lint test test-release readme docs examples bench-check ## everything CI checks

examples: setup ## build and run the packages under Examples
	Scripts/check-examples

docs: build ## generated tables are current; the documentation of every library builds without a warning
	Scripts/generate-docs --check
	Scripts/build-docs

demo: programs ## compare four methods on real data from one seed, in a few minutes
	Scripts/demo

bench-peers: programs ## measure times and memory beside PyTorch, TorchJD and LibMTL, in three quarters of an hour
	Tools/bench-peers/run

bench-quick: programs ## that the benchmarks run: tiny sizes, Truce alone
	Tools/bench-peers/run --own --quick > /dev/null

bench-check: programs ## that the benchmarks' commands run, in half a minute
	Tools/bench-peers/run --own --quick --only rows --only many --only samples > /dev/null

clean: ## remove what the build made
	rm -rf .build
