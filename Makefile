# `sam build` calls this in a copy of the tree; ARTIFACTS_DIR is where the package's files go.
.PHONY: build-InvokeFunction
build-InvokeFunction:
	rm -rf invoke-function/target/invoke-function
	mvn --batch-mode --quiet --projects invoke-function --also-make package -Dmaven.test.skip -Dspotless.check.skip
	mkdir -p "$(ARTIFACTS_DIR)"
	cp -R invoke-function/target/invoke-function/. "$(ARTIFACTS_DIR)"
