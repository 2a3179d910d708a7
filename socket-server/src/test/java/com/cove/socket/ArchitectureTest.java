package com.cove.socket;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module; what holds between modules is proven in {@code local}. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.cove.socket");

    @Test
    void onlyTransportKnowsChannels() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.cove.socket.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "io.netty.buffer..", "io.netty.handler..")
                .check(OURS);
    }

    @Test
    void transportKnowsNothingOfTheApplication() {
        noClasses()
                .that()
                .resideInAPackage("com.cove.socket.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.cove.db..", "com.cove.socket.event..", "com.cove.socket.fanout..", "com.cove.socket")
                .check(OURS);
    }

    @Test
    void featuresDoNotImportEachOther() {
        slices().matching(
                        "com.cove.socket.(message|read|typing|presence|push|session|hook|health|limit|telemetry|internal)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
    }
}
