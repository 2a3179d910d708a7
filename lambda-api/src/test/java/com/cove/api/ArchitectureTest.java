package com.cove.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.cove.api.http.ApiHandler;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.cove.api");

    @Test
    void theRestSideKnowsNoSqlAndNoOtherEdge() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.cove.socket..",
                        "com.cove.local..",
                        "org.jdbi..",
                        "java.sql..",
                        "javax.sql..",
                        "com.zaxxer..",
                        "org.postgresql..",
                        "com.google.firebase..",
                        "software.amazon..")
                .check(ours);
    }

    @Test
    void featuresDoNotKnowEachOther() {
        slices().matching("com.cove.api.(thread|message|read|device|presence|sync)..")
                .should()
                .notDependOnEachOther()
                .check(ours);
    }

    @Test
    void handlersAreFoundByTheirNameInAFeaturesPackage() {
        classes()
                .that()
                .areAssignableTo(ApiHandler.class)
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveSimpleNameEndingWith("Handler")
                .andShould()
                .resideInAnyPackage(
                        "com.cove.api.thread",
                        "com.cove.api.message",
                        "com.cove.api.read",
                        "com.cove.api.device",
                        "com.cove.api.presence",
                        "com.cove.api.sync")
                .andShould()
                .haveOnlyFinalFields()
                .check(ours);
    }

    @Test
    void onlyTheWiringReadsTheEnvironment() {
        noClasses()
                .that(JavaClass.Predicates.simpleName("ApiServices").negate())
                .and()
                // Whose variable is Lambda's own.
                .resideOutsideOfPackage("com.cove.api.log")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(ours);
    }
}
