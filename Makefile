# The commands of every day; `make help` lists them. Whatever they do, plain `mvn` does as well.
.DEFAULT_GOAL := help
.PHONY: help build test verify quick format run build-InvokeFunction

MVN = mvn --batch-mode

# What the tests of a module lie below; those of the modules that it is made from lie elsewhere.
PACKAGE_protocol = protocol
PACKAGE_auth = auth
PACKAGE_mqtt = mqtt
PACKAGE_cli = cli
PACKAGE_invoke-function = invoke
PACKAGE_device = device
PACKAGE_device-simulator = simulator
PACKAGE_sigv4-client = sigv4
PACKAGE_client = client
PACKAGE_things = things
PACKAGE_local-cloud = local
PACKAGE_benchmarks = benchmarks

help:
	@echo 'make build                     compiles and packages everything, without tests'
	@echo 'make test T=NameTest M=MODULE  runs one test, or one method: T=NameTest#method; NameIT for an integration test'
	@echo 'make verify                    runs every test: what must pass before a change is taken'
	@echo 'make format                    formats the sources; the build refuses others'
	@echo 'make run                       starts a local cloud with a simulated device; Ctrl-C ends it'
	@echo 'make quick M=MODULE            runs the unit tests of one module, for example M=local-cloud'

build:
	$(MVN) --quiet package -Dmaven.test.skip

# Surefire runs unit tests in the phase `test`; Failsafe runs integration tests in the phase `verify`. The modules that M is made from have no such test.
HASH := \#
ONE_UNIT_TEST = test -Dtest='$(T)' -Dfour.event.loops.skipped=true -Dsurefire.failIfNoSpecifiedTests=false
ONE_INTEGRATION_TEST = verify -Dit.test='$(T)' -Dunit.tests.skipped=true -Dfailsafe.failIfNoSpecifiedTests=false
test:
	@test -n '$(T)' && test -n '$(M)' || { echo "say which: make test T=TopicsTest M=protocol" >&2; exit 2; }
	$(MVN) --projects '$(M)' --also-make $(if $(filter %IT,$(firstword $(subst $(HASH), ,$(T)))),$(ONE_INTEGRATION_TEST),$(ONE_UNIT_TEST))

verify:
	$(MVN) verify

format:
	$(MVN) --quiet spotless:apply

run:
	bin/local-cloud start --device my-device

quick:
	@test -n '$(PACKAGE_$(M))' || { echo "say which module: make quick M=local-cloud" >&2; exit 2; }
	$(MVN) --projects '$(M)' --also-make test -Dtest='dev/roundtrip/$(PACKAGE_$(M))/**/*Test' -Dfour.event.loops.skipped=true \
	    -Dsurefire.failIfNoSpecifiedTests=false

# `sam build` calls this, here in the clone (samconfig.toml); ARTIFACTS_DIR is where the package's files go, and all that travels.
build-InvokeFunction:
	rm -rf invoke-function/target/invoke-function
	$(MVN) --quiet --projects invoke-function --also-make package -Dmaven.test.skip -Dspotless.check.skip
	mkdir -p "$(ARTIFACTS_DIR)"
	cp -R invoke-function/target/invoke-function/. "$(ARTIFACTS_DIR)"
