package dev.roundtrip.local.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses ROUNDTRIP = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.roundtrip");

    @Test
    void every_module_is_looked_at() {
        for (String part : new String[] {
            "protocol",
            "auth",
            "cli",
            "mqtt",
            "invoke",
            "invoke.mqtt",
            "invoke.dataplane",
            "invoke.lambda",
            "device",
            "simulator",
            "sigv4",
            "client",
            "things",
            "local"
        }) {
            assertThat(ROUNDTRIP.containPackage("dev.roundtrip." + part))
                    .as(part)
                    .isTrue();
        }
    }

    @Test
    void modules_point_in_one_direction() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip..")
                .layer("protocol")
                .definedBy("dev.roundtrip.protocol..")
                .layer("auth")
                .definedBy("dev.roundtrip.auth..")
                .layer("mqtt")
                .definedBy("dev.roundtrip.mqtt..")
                .layer("cli")
                .definedBy("dev.roundtrip.cli..")
                .layer("invoke")
                .definedBy("dev.roundtrip.invoke..")
                .layer("device")
                .definedBy("dev.roundtrip.device..")
                .layer("simulator")
                .definedBy("dev.roundtrip.simulator..")
                .layer("sigv4")
                .definedBy("dev.roundtrip.sigv4..")
                .layer("client")
                .definedBy("dev.roundtrip.client..")
                .layer("things")
                .definedBy("dev.roundtrip.things..")
                .layer("local")
                .definedBy("dev.roundtrip.local..")
                .whereLayer("local")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("invoke")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("device")
                .mayOnlyBeAccessedByLayers("simulator", "things", "local")
                .whereLayer("simulator")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("sigv4")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("client")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("things")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("protocol")
                .mayOnlyBeAccessedByLayers("auth", "invoke", "device", "simulator", "client", "things", "local")
                .whereLayer("auth")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("mqtt")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("simulator", "sigv4", "things", "local")
                .check(ROUNDTRIP);
    }

    @Test
    void inside_the_function_the_core_knows_neither_broker_nor_lambda() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip.invoke..")
                .layer("core")
                .definedBy("dev.roundtrip.invoke")
                .layer("mqtt")
                .definedBy("dev.roundtrip.invoke.mqtt..")
                .layer("dataplane")
                .definedBy("dev.roundtrip.invoke.dataplane..")
                .layer("lambda")
                .definedBy("dev.roundtrip.invoke.lambda..")
                .whereLayer("lambda")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("dataplane")
                .mayOnlyBeAccessedByLayers("lambda")
                .whereLayer("mqtt")
                .mayOnlyBeAccessedByLayers("dataplane", "lambda")
                .whereLayer("core")
                .mayOnlyBeAccessedByLayers("mqtt", "dataplane", "lambda")
                .check(ROUNDTRIP);
    }

    @Test
    void inside_the_local_cloud_the_parts_do_not_know_each_other() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip.local..")
                .layer("store")
                .definedBy("dev.roundtrip.local.store..")
                .layer("time")
                .definedBy("dev.roundtrip.local.time..")
                .layer("keys")
                .definedBy("dev.roundtrip.local.keys..")
                .layer("users")
                .definedBy("dev.roundtrip.local.users..")
                .layer("log")
                .definedBy("dev.roundtrip.local.log..")
                .layer("journal")
                .definedBy("dev.roundtrip.local.journal..")
                .layer("story")
                .definedBy("dev.roundtrip.local.story..")
                .layer("api")
                .definedBy("dev.roundtrip.local.api..")
                .layer("http")
                .definedBy("dev.roundtrip.local.http..")
                .layer("certificate")
                .definedBy("dev.roundtrip.local.iot.certificate..")
                .layer("registry")
                .definedBy("dev.roundtrip.local.iot.registry..")
                .layer("events")
                .definedBy("dev.roundtrip.local.iot.events..")
                .layer("data")
                .definedBy("dev.roundtrip.local.iot.data..")
                .layer("sts")
                .definedBy("dev.roundtrip.local.sts..")
                .layer("authorization")
                .definedBy("dev.roundtrip.local.iot.authorization..")
                .layer("configuration")
                .definedBy("dev.roundtrip.local.iot.configuration..")
                .layer("group")
                .definedBy("dev.roundtrip.local.iot.group..")
                .layer("control")
                .definedBy("dev.roundtrip.local.iot.control..")
                .layer("shadow")
                .definedBy("dev.roundtrip.local.iot.shadow..")
                .layer("document")
                .definedBy("dev.roundtrip.local.iot.document..")
                .layer("command")
                .definedBy("dev.roundtrip.local.iot.command..")
                .layer("job")
                .definedBy("dev.roundtrip.local.iot.job..")
                .layer("provisioning")
                .definedBy("dev.roundtrip.local.iot.provisioning..")
                .layer("faults")
                .definedBy("dev.roundtrip.local.faults..")
                .layer("apigateway")
                .definedBy("dev.roundtrip.local.apigateway..")
                .layer("lambda")
                .definedBy("dev.roundtrip.local.lambda..")
                .layer("app")
                .definedBy("dev.roundtrip.local.app..")
                .layer("check")
                .definedBy("dev.roundtrip.local.check..")
                .layer("running")
                .definedBy("dev.roundtrip.local.running..")
                .layer("commands")
                .definedBy("dev.roundtrip.local", "dev.roundtrip.local.commands..")
                .whereLayer("commands")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("app")
                .mayOnlyBeAccessedByLayers("commands", "running")
                .whereLayer("running")
                .mayOnlyBeAccessedByLayers("commands")
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("commands")
                .whereLayer("lambda")
                .mayOnlyBeAccessedByLayers("app", "commands")
                .whereLayer("apigateway")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("faults")
                .mayOnlyBeAccessedByLayers("app", "commands")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("sts")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("authorization")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("group")
                .mayOnlyBeAccessedByLayers("job", "provisioning", "app")
                .whereLayer("document")
                .mayOnlyBeAccessedByLayers("command", "provisioning")
                .whereLayer("command")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("provisioning")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("configuration")
                .mayOnlyBeAccessedByLayers("control", "group", "command", "job", "provisioning", "app")
                .whereLayer("control")
                .mayOnlyBeAccessedByLayers("group", "command", "job", "provisioning", "app")
                .whereLayer("shadow")
                .mayOnlyBeAccessedByLayers("data", "app")
                .whereLayer("events")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("certificate")
                .mayOnlyBeAccessedByLayers("registry", "control", "provisioning", "app", "running", "commands")
                .whereLayer("registry")
                .mayOnlyBeAccessedByLayers(
                        "control", "group", "command", "job", "provisioning", "app", "running", "commands")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers(
                        "data",
                        "control",
                        "sts",
                        "authorization",
                        "configuration",
                        "group",
                        "document",
                        "command",
                        "job",
                        "provisioning",
                        "apigateway",
                        "lambda",
                        "api",
                        "app",
                        "events",
                        "shadow")
                .whereLayer("time")
                .mayOnlyAccessLayers("store")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("app", "commands", "lambda", "apigateway", "events", "http", "api")
                .whereLayer("journal")
                .mayOnlyBeAccessedByLayers(
                        "app", "commands", "lambda", "apigateway", "events", "faults", "story", "api")
                .whereLayer("story")
                .mayOnlyBeAccessedByLayers("api", "app")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("users")
                .mayOnlyBeAccessedByLayers("app", "running", "commands")
                .whereLayer("keys")
                .mayOnlyBeAccessedByLayers(
                        "certificate", "registry", "control", "provisioning", "app", "running", "commands")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers(
                        "keys",
                        "registry",
                        "http",
                        "configuration",
                        "group",
                        "command",
                        "job",
                        "provisioning",
                        "time",
                        "users",
                        "app",
                        "running",
                        "commands",
                        "shadow",
                        "data")
                .check(ROUNDTRIP);
    }

    @Test
    void inside_the_device_features_do_not_know_each_other() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip.device..")
                .layer("device")
                .definedBy("dev.roundtrip.device")
                .layer("responder")
                .definedBy("dev.roundtrip.device.responder..")
                .layer("shadow")
                .definedBy("dev.roundtrip.device.shadow..")
                .layer("command")
                .definedBy("dev.roundtrip.device.command..")
                .layer("job")
                .definedBy("dev.roundtrip.device.job..")
                .layer("operation")
                .definedBy("dev.roundtrip.device.operation..")
                .layer("update")
                .definedBy("dev.roundtrip.device.update..")
                .layer("provisioning")
                .definedBy("dev.roundtrip.device.provisioning..")
                .whereLayer("device")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("responder")
                .mayOnlyBeAccessedByLayers("device")
                .whereLayer("shadow")
                .mayOnlyBeAccessedByLayers("device")
                .whereLayer("command")
                .mayOnlyBeAccessedByLayers("device")
                .whereLayer("operation")
                .mayOnlyBeAccessedByLayers("device", "provisioning")
                .whereLayer("provisioning")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("operation", "device")
                .whereLayer("update")
                .mayOnlyBeAccessedByLayers("command", "job", "operation", "provisioning", "device")
                .check(ROUNDTRIP);
    }

    @Test
    void signatures_and_policies_do_not_know_each_other_and_principals_know_both() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip.auth..")
                .layer("sigv4")
                .definedBy("dev.roundtrip.auth.sigv4..")
                .layer("policy")
                .definedBy("dev.roundtrip.auth.policy..")
                .layer("principal")
                .definedBy("dev.roundtrip.auth.principal..")
                .whereLayer("principal")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("sigv4")
                .mayOnlyBeAccessedByLayers("principal")
                .whereLayer("policy")
                .mayOnlyBeAccessedByLayers("principal")
                .check(ROUNDTRIP);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.roundtrip.(**)").should().beFreeOfCycles().check(ROUNDTRIP);
    }

    @Test
    void contract_knows_json_and_nothing_else() {
        classes()
                .that()
                .resideInAPackage("dev.roundtrip.protocol..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.roundtrip.protocol..", "java..", "com.fasterxml.jackson..", "org.jspecify..")
                .check(ROUNDTRIP);
    }

    @Test
    void caller_in_java_is_light() {
        classes()
                .that()
                .resideInAPackage("dev.roundtrip.client..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.roundtrip.client..",
                        "dev.roundtrip.protocol..",
                        "java..",
                        "javax.net.ssl..",
                        "com.fasterxml.jackson..",
                        "software.amazon.awssdk.http..",
                        "software.amazon.awssdk.identity..",
                        "software.amazon.awssdk.utils..",
                        "org.jspecify..")
                .check(ROUNDTRIP);
    }

    @Test
    void signatures_and_policies_read_and_write_nothing() {
        noClasses()
                .that()
                .resideInAPackage("dev.roundtrip.auth..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net.http..", "io.netty..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(File.class, InputStream.class, OutputStream.class, Socket.class, ServerSocket.class)
                .check(ROUNDTRIP);
    }

    @Test
    void core_knows_no_cloud() {
        noClasses()
                .that()
                .resideInAPackage("dev.roundtrip.invoke")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..", "org.crac..")
                .check(ROUNDTRIP);
    }

    @Test
    void common_runtime_is_known_in_one_place() {
        noClasses()
                .that()
                .resideInAPackage("dev.roundtrip.invoke..")
                .and()
                .haveNameNotMatching(".*\\.Crt[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk.crt..", "software.amazon.awssdk.iot..")
                .check(ROUNDTRIP);
    }

    @Test
    void sdk_of_aws_is_known_in_one_place() {
        noClasses()
                .that()
                .resideInAPackage("dev.roundtrip.invoke..")
                .and()
                .haveNameNotMatching(".*\\.(Crt|Sdk)[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..")
                .check(ROUNDTRIP);
    }

    @Test
    void every_package_says_that_null_is_the_exception() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .check(ROUNDTRIP);
        ROUNDTRIP.stream()
                .map(type -> type.getPackage())
                .distinct()
                .forEach(used ->
                        assertThat(used.tryGetPackageInfo()).as(used.getName()).isPresent());
    }
}
