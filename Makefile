# Thin: everything real is in CMake (CMakePresets.json) and scripts/. `make run` and `make test` need
# nothing else done before.
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc)
release := build/release

.PHONY: run test test-kafka torture bench fuzz install docs check floors asan tsan clang coverage format clean help

run:       ## install what is missing, build, run the main job on data it makes itself
	@scripts/setup --run
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target merit -j $(JOBS)
	@scripts/demo $(release)/merit

test:      ## install what is missing, build, run every test
	@scripts/setup --test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@ctest --preset release -j $(JOBS)

test-kafka: ## the stream tests on a real Apache Kafka, fetched once and started by the test
	@scripts/setup --kafka
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@tests/kafka $(release)

torture:   ## the whole fault campaign: 1,000 kills, 100 stops of the database (SEED=… replays)
	@scripts/setup --test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@tests/faults/torture $(release) $(if $(SEED),seed=$(SEED))

bench:     ## every figure beside its peer or limit; BENCH=clearing picks one
	@scripts/setup --run
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target benches -j $(JOBS)
	@scripts/bench $(release)/bench $(BENCH)

fuzz:      ## each fuzzer for FUZZ_SECONDS (30); FUZZ=json picks one
	@scripts/setup --check
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz --target fuzzers -j $(JOBS)
	@scripts/fuzz build/fuzz $(FUZZ)

install:   ## DESTDIR and PREFIX are honoured
	@scripts/setup --run
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@cmake --install $(release) --prefix $(PREFIX)

docs:      ## the reference, generated from the table of operations
	@scripts/setup --run
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target merit -j $(JOBS)
	@$(release)/merit docs reference --out docs/reference
	@scripts/schemas $(release)/merit docs/schemas

floors:    ## who stands on whom
	@tests/floors_check .

check: floors docs  ## floors, style, and that the generated reference is the committed one
	@tests/style_check .
	@scripts/docs_diff

asan tsan clang coverage:  ## build and test with sanitizers, the second compiler, or coverage
	@scripts/setup $(if $(filter clang,$@),--check,--test)
	@cmake --preset $@ >/dev/null
	@cmake --build --preset $@ -j $(JOBS)
	@$(if $(filter tsan,$@),$$(setarch -R true 2>/dev/null && echo setarch -R)) ctest --preset $@ -j $(JOBS)
	@$(if $(filter coverage,$@),scripts/coverage build/coverage,true)

format:    ## clang-format over the sources that changed since the last commit
	@git diff --name-only --diff-filter=d HEAD -- '*.c' '*.h' | xargs -r clang-format -i

clean:
	rm -rf build out

help:
	@sed -n 's/^\([a-z -]*\):.*  *## /\1: /p' Makefile
