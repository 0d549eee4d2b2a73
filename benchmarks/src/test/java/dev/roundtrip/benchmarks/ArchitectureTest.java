package dev.roundtrip.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md that end at the measurements. */
class ArchitectureTest {
    private static final JavaClasses ROUNDTRIP = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.roundtrip");

    @Test
    void nothing_that_is_measured_knows_the_measurements() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.roundtrip.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.roundtrip.benchmarks..")
                .check(ROUNDTRIP);
    }

    @Test
    void parts_of_the_measurements_point_in_one_direction() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.roundtrip.benchmarks..")
                .layer("command")
                .definedBy("dev.roundtrip.benchmarks")
                .layer("run")
                .definedBy("dev.roundtrip.benchmarks.run..")
                .layer("caller")
                .definedBy("dev.roundtrip.benchmarks.caller..")
                .layer("subject")
                .definedBy("dev.roundtrip.benchmarks.subject..")
                .layer("load")
                .definedBy("dev.roundtrip.benchmarks.load..")
                .layer("stage")
                .definedBy("dev.roundtrip.benchmarks.stage..")
                .layer("hot")
                .definedBy("dev.roundtrip.benchmarks.hot..")
                .layer("coldstart")
                .definedBy("dev.roundtrip.benchmarks.coldstart..")
                .layer("scaling")
                .definedBy("dev.roundtrip.benchmarks.scaling..")
                .layer("report")
                .definedBy("dev.roundtrip.benchmarks.report..")
                .whereLayer("command")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("run")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("hot")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("coldstart")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("scaling")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("stage")
                .mayOnlyBeAccessedByLayers("run")
                .whereLayer("caller")
                .mayOnlyBeAccessedByLayers("run")
                .whereLayer("subject")
                .mayOnlyBeAccessedByLayers("caller", "run")
                .whereLayer("load")
                .mayOnlyBeAccessedByLayers("subject", "caller", "run")
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("command", "run", "coldstart", "scaling")
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
    }
}
