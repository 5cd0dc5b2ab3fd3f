# Two commands do all set-up: `make run` and `make test`.
GO ?= go

.PHONY: run test check generate assets package screenshots bench dependencies

run: ## start Pintab and its sandbox on this machine
	@$(GO) build -o bin/pintab ./cmd/pintab
	@exec bin/pintab sandbox $(ARGS)

dependencies: ## install what the tests need (Chromium, PostgreSQL, Node.js)
	@sh .ci/dependencies

test: dependencies ## run all tests
	$(GO) test -timeout 18m ./...

check: ## formatting, vet, generated files, vulnerable patterns in templates
	@sh .ci/check

generate: ## templates to Go
	$(GO) tool templ generate

assets: ## scripts and stylesheets; scripts only with NPM=<folder with node_modules of the versions in THIRD_PARTY.md>
	$(GO) run ./cmd/assets $(if $(NPM),-npm $(NPM)/node_modules)

package: ## the Teams app package, from the environment
	$(GO) run ./cmd/pintab package

screenshots: ## the pictures of the README
	$(GO) run ./cmd/screenshots

bench: ## the goals of docs/performance.md, each beside its floor
	$(GO) run ./cmd/bench $(ARGS)
