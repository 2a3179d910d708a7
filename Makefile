# Cove Messaging. `make` alone lists the commands.
.DEFAULT_GOAL := help
# Ctrl-C and SIGTERM are how a program here is meant to end.
STOPPED = case $$? in 130 | 143) ;; *) exit 1 ;; esac
.PHONY: help run run-postgres run-socket run-api test statements compat-test fuzz soak faults deploy-test partitions bench bench-nodes bench-hints \
  bench-arrivals bench-killed bench-repair bench-lambda bench-jmh bench-limit bench-model simulate-nodes image image-test lambda-image lambda-image-test sam-local-test bench-python test-protocol test-python test-database format clean

help: ## List these commands
	@echo "Cove Messaging"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Run the whole system here, with its own PostgreSQL and the chat page
	@bin/cove LocalMain || $(STOPPED)

run-postgres: ## Run a PostgreSQL alone; it says the DATABASE_URL for the parts below
	@bin/cove LocalPostgresMain || $(STOPPED)

run-socket: ## Run the Socket.IO server alone, in local mode, on DATABASE_URL
	@bin/cove LocalSocketMain || $(STOPPED)

run-api: ## Run the REST side and the chat page alone, in local mode, on DATABASE_URL
	@bin/cove LocalApiMain || $(STOPPED)

test: ## Prove it all: format, compile, every test, two browsers included
	@bin/mvn25 verify $(if $(FUZZ_SECONDS),-Dcove.fuzz.seconds=$(FUZZ_SECONDS)) \
	  $(if $(FAULTS_MINUTES),-Dcove.faults.minutes=$(FAULTS_MINUTES))

test-protocol: ## Run the protocols' official suites, made ready in the folder SUITES (docs/protocol.md)
	@bin/protocol-suites "$(SUITES)"

test-python: ## Run python-socketio's clients against a system of their own
	@python3 -m venv local/target/python
	@local/target/python/bin/pip install -q --disable-pip-version-check -r local/src/test/clients/requirements.txt
	@local/target/python/bin/python local/src/test/clients/python.py

fuzz: ## Feed the decoder changed packets for SECONDS (600); SEED repeats a finding
	@bin/mvn25 test -pl socket-server -am -Dtest=DecoderFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dcove.fuzz.seconds=$(or $(SECONDS),600) $(if $(SEED),-Dcove.fuzz.seed=$(SEED))

statements: ## Write down the statements of this release, which later schemas are tested with
	@bin/mvn25 -q test -pl db -am -Dtest=StatementsOfReleasesTest -Dsurefire.failIfNoSpecifiedTests=false -Dcove.statements.write=true

compat-test: ## Run the code of OLD (HEAD~1) and this one on each other's schema and together, while people talk
	@bin/cove
	@OLD=$(OLD) node local/src/test/compat/main.mjs

soak: ## Let connections come and go for SECONDS (600), CONNECTIONS (2500) at a time
	@bin/mvn25 test -pl socket-server -am -Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dcove.soak.seconds=$(or $(SECONDS),600) -Dcove.soak.connections=$(or $(CONNECTIONS),2500)

faults: ## Kill and cut parts for MINUTES (2) while people talk, and judge what is left; SEED repeats the faults
	@bin/cove
	@MINUTES=$(MINUTES) SEED=$(SEED) VARIANT=$(VARIANT) NODES=$(NODES) REDIS=$(REDIS) BALANCER=$(BALANCER) node local/src/test/faults/main.mjs

deploy-test: ## Replace three nodes behind HAProxy while CLIENTS (5000) chat; DRAIN_MS each, SENDS a second
	@bin/cove
	@CLIENTS=$(CLIENTS) DRAIN_MS=$(DRAIN_MS) SENDS=$(SENDS) SEED=$(SEED) node local/src/test/deploy/main.mjs

partitions: ## Part nodes, Redis, PostgreSQL and clients for MINUTES (2), in network namespaces; needs root
	@bin/cove
	@MINUTES=$(MINUTES) SEED=$(SEED) REDIS=$(REDIS) node local/src/test/faults/partitions.mjs

bench: bench-python ## Measure this beside the same contract in Node, in an hour and three quarters; ONLY, ROUNDS, SECONDS, QUICK=1; needs root (bench/README.md)
	@bin/cove
	@ONLY="$(ONLY)" PUBLISH=$(PUBLISH) ROUNDS=$(ROUNDS) SECONDS=$(SECONDS) QUICK=$(QUICK) node bench/speed/main.mjs
	@$(BENCH_PYTHON) bench/plot_speed.py $(if $(or $(QUICK),$(if $(PUBLISH),,$(ONLY))),bench/target/speed/speed.json bench/target/speed)

bench-nodes: bench-python ## Measure one, two, four and eight socket servers with Redis, in some eight minutes (bench/README.md)
	@bin/cove
	@cd bench && npm ci --silent --no-audit --no-fund
	@ROUND_SECONDS=$(SECONDS) ROUNDS=$(ROUNDS) node bench/nodes/main.mjs
	@$(BENCH_PYTHON) bench/plot_nodes.py

bench-hints: ## Measure what one message costs Redis, in each scheme of telling other nodes
	@mkdir -p bench/target
	@python3 bench/hints.py > bench/target/hints.csv && mv bench/target/hints.csv bench/results/hints.csv

bench-arrivals: ## Let PEOPLE (10000) come to two servers at once while others chat
	@bin/cove
	@cd bench && npm ci --silent --no-audit --no-fund
	@PEOPLE=$(PEOPLE) node bench/nodes/arrivals.mjs

bench-killed: ## See how long until the people of a killed server are told to be gone
	@bin/cove
	@cd bench && npm ci --silent --no-audit --no-fund
	@node bench/nodes/killed.mjs

bench-repair: ## Measure what each node's look at what was stored costs PostgreSQL
	@bin/cove
	@node bench/nodes/repair.mjs

bench-lambda: bench-python ## Measure the Lambda functions beside the same ones in JavaScript, in some ten minutes; needs root (bench/README.md)
	@bin/cove
	@bin/mvn25 -B -q -pl lambda-api -am -DskipTests -Dspotless.check.skip=true package
	@ROUNDS=$(ROUNDS) CALLS=$(CALLS) SECONDS=$(SECONDS) SHARE=$(SHARE) ONLY="$(ONLY)" node bench/lambda/main.mjs
	@$(BENCH_PYTHON) bench/plot_lambda.py

bench-jmh: ## Measure frames, events, JSON, batches and token checks one by one; ONLY what matches
	@bin/mvn25 -B -q -Pprograms -DskipTests -Dspotless.check.skip=true -Dmaven.shade.skip=true -pl bench/jmh -am package
	@"$$(bin/mvn25 --java-home)/bin/java" -cp "bench/jmh/target/classes:$$(cat bench/jmh/target/classpath)" org.openjdk.jmh.Main $(ONLY)

bench-limit: ## Measure how many rows a second PostgreSQL takes in batches, SECONDS (3) each
	@bin/cove
	@PG_SECONDS=$(SECONDS) node bench/speed/limit.mjs

bench-model: bench-python ## Reckon what a million connected people need, and what it costs
	@$(BENCH_PYTHON) bench/model.py
	@$(BENCH_PYTHON) bench/plot_model.py

simulate-nodes: bench-python ## Reckon the traffic of a million people on hundreds of nodes; SEED changes the people
	@SEED=$(SEED) $(BENCH_PYTHON) bench/simulate.py

image: ## Build the image of the socket server; needs Docker
	@docker build -f Dockerfile.socket -t $(or $(IMAGE),cove-socket-server) .

image-test: image ## Run that image as a task would, and measure STARTS (5) starts; needs Docker and port 443
	@bin/cove
	@IMAGE=$(IMAGE) STARTS=$(STARTS) node local/src/test/containers/image.mjs

lambda-image: ## Build the image of the functions, for who does without SnapStart; needs Docker
	@docker build -f Dockerfile.lambda -t $(or $(IMAGE),cove-lambda-api) .

lambda-image-test: lambda-image ## Run every function of that image as Lambda would, and measure STARTS (5) first answers; needs Docker and port 443
	@bin/cove
	@IMAGE=$(IMAGE) STARTS=$(STARTS) node local/src/test/containers/functions.mjs

sam-local-test: ## Call every function by SAM CLI, in the containers it makes; needs Docker and port 443
	@bin/cove
	@bin/mvn25 -B -q -Pprograms -DskipTests -Dspotless.check.skip=true -pl lambda-api -am package
	@node local/src/test/containers/sam.mjs

# Python with what bench/requirements.txt says.
BENCH_PYTHON = bench/target/python/bin/python
bench-python:
	@python3 -m venv bench/target/python
	@bench/target/python/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt

test-database: ## Can we connect, is the schema current, how long does a query take
	@bin/cove DatabaseCheckMain

format: ## Format the Java sources
	@bin/mvn25 -q spotless:apply

clean: ## Remove what was built; data in .data stays
	@bin/mvn25 -q clean
	@rm -rf bench/target
