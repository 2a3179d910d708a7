package com.cove.auth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.cove.auth");

    @Test
    void authenticationKnowsNoDatabaseAndNoEdge() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.cove.db..", "com.cove.socket..", "com.cove.api..", "com.cove.local..", "java.sql..")
                .check(ours);
    }

    @Test
    void theAwsSdkIsMetInOnePlaceOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("ServiceAccountSecret")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(ours);
    }
}
