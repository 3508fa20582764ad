# Two commands: `make demo` shows the whole chain on this machine, `make test` proves it.
# Both set everything up by themselves; downloads are kept outside the work tree.
SHELL := /bin/sh
MYDATAHUB := node bin/mydatahub.js
LAKE ?= local
NPM_STAMP := node_modules/.mydatahub-installed

.PHONY: demo test test-operations test-workflows test-faults setup prerequisites lint unit e2e format help bench-local bench-ingest bench-layout bench-breaches bench-enforcement bench-sync bench-terraform bench-actions bench-plan-comment bench-views bench-publish bundle action-readmes github-reference pictures

demo: setup ## CSV files to views in two engines, on a local lake (KEEP=1 leaves it running)
	@$(MYDATAHUB) demo --lake $(LAKE) $(if $(KEEP),--keep)

test: setup ## linters, types, unit tests, and the chain on real engines (ALL=1: and test-operations, test-workflows)
	@node_modules/.bin/node test/run.ts lint unit e2e $(if $(ALL),operations workflows)

test-operations: setup ## what operators do: Terraform as a whole, deploying, permissions in both engines, going back in time
	@node_modules/.bin/node test/run.ts operations

test-workflows: setup ## the workflows, run by act against a local lake; needs Go 1.25, which builds act once
	@node_modules/.bin/node test/run.ts workflows

setup: prerequisites $(NPM_STAMP) ## npm packages, Python environment, JARs and Trino
	@$(MYDATAHUB) local install

prerequisites: ## what must be on the machine; names all that is missing
	@scripts/prerequisites.sh

$(NPM_STAMP): package.json package-lock.json | prerequisites
	@echo "setup: npm packages" >&2
	@npm ci --prefer-offline --loglevel=error >&2
	@touch $@

lint: setup ## formatters, linters, types
	@node_modules/.bin/node test/run.ts lint

unit: setup ## tests that need no engine
	@node_modules/.bin/node test/run.ts unit

e2e: setup ## tests on real engines
	@node_modules/.bin/node test/run.ts e2e

test-faults: setup ## kill -9 at every mutating call of an ingestion and of a push, then again (takes an hour)
	@node_modules/.bin/node node_modules/vitest/vitest.mjs run --project faults

format: setup ## lets the formatters write
	@npx --no-install biome check --write .
	@terraform fmt -recursive terraform

bench-actions: setup ## how long a bundled action takes to start (ROUNDS=21)
	@node_modules/.bin/node bench/actions-start.ts $(or $(ROUNDS),21)

bundle: setup ## dist/, which the actions run, from src/; commit it
	@node_modules/.bin/node scripts/bundle.ts

action-readmes: setup ## README.md of each action, from its action.yml; commit them
	@node_modules/.bin/node scripts/action-readmes.ts

github-reference: setup ## docs/github-reference.md, from the actions and workflows; commit it
	@node_modules/.bin/node scripts/github-reference.ts

pictures: setup ## docs/pictures, the comments as GitHub shows them; needs chromium and pngquant; commit them
	@node_modules/.bin/node scripts/comment-pictures.ts

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1\t/p' Makefile

bench-local: setup ## how long the local lake takes, and its memory (ROUNDS=3)
	@node_modules/.bin/node bench/local-lake.ts $(or $(ROUNDS),3)

bench-sync: setup ## sync of 10,000 unchanged files after a fresh checkout, beside `aws s3 sync` (FILES=10000 ROUNDS=3)
	@node_modules/.bin/node bench/sync.ts $(or $(FILES),10000) $(or $(ROUNDS),3)

bench-ingest: setup ## the ingestion beside Spark without any check: processor time, memory, corrections (ROUNDS=3 MILLIONS=10 PARTS=time,memory,small)
	@node_modules/.bin/node bench/ingest.ts $(or $(ROUNDS),3) $(or $(MILLIONS),10) $(PARTS)

bench-breaches: setup ## every breach of the contract behind a gigabyte of good rows, found by both checks (MEGABYTES=1024)
	@node_modules/.bin/node bench/breaches.ts $(or $(MEGABYTES),1024)

bench-layout: setup ## layouts of the entity table side by side, written and read in both engines (REPEATS=5 MILLIONS=2)
	@node_modules/.bin/node bench/layout.ts $(or $(REPEATS),5) $(or $(MILLIONS),2)

bench-enforcement: setup ## what judging every call costs beside moto alone (ROUNDS=200)
	@node_modules/.bin/node bench/enforcement.ts $(or $(ROUNDS),200)

bench-terraform: setup ## how long Terraform takes on a local lake (ROUNDS=3)
	@node_modules/.bin/node bench/terraform.ts $(or $(ROUNDS),3)

bench-plan-comment: setup ## how long the comment for a plan of 2,000 resources takes (RESOURCES=2000 ROUNDS=15)
	@node_modules/.bin/node bench/plan-comment.ts $(or $(RESOURCES),2000) $(or $(ROUNDS),15)

bench-views: setup ## the views beside MAX(CASE …), in Spark and in Trino (ROUNDS=3 KEYS=200,1000,3000; takes an hour)
	@node_modules/.bin/node bench/views.ts $(or $(ROUNDS),3) $(or $(KEYS),200,1000,3000)

bench-publish: setup ## publishing many views with the gateway as slow as AWS (VIEWS=1000)
	@node_modules/.bin/node bench/publish.ts $(or $(VIEWS),1000)
