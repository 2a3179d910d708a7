package com.cove.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** Who may know whom, across all modules. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Nor those that other modules lend.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("com.cove");

    @Test
    void everyModuleIsLookedAt() {
        for (String module : new String[] {"model", "db", "auth", "socket", "api", "local"}) {
            assertThat(ALL.containPackage("com.cove." + module)).as(module).isTrue();
        }
    }

    @Test
    void modulesKnowOnlyThoseBelowThem() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("com.cove..")
                .layer("shared-model")
                .definedBy("com.cove.model..")
                .layer("db")
                .definedBy("com.cove.db..")
                .layer("firebase-auth")
                .definedBy("com.cove.auth..")
                .layer("socket-server")
                .definedBy("com.cove.socket..")
                .layer("lambda-api")
                .definedBy("com.cove.api..")
                .layer("local")
                .definedBy("com.cove.local..")
                .layer("bench")
                .definedBy("com.cove.bench..")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("bench")
                .mayNotAccessAnyLayer()
                .whereLayer("local")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("socket-server")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("lambda-api")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("db")
                .mayOnlyBeAccessedByLayers("socket-server", "lambda-api", "local")
                .whereLayer("firebase-auth")
                .mayOnlyBeAccessedByLayers("socket-server", "lambda-api", "local")
                .ensureAllClassesAreContainedInArchitecture()
                .check(ALL);
    }

    @Test
    void onlyTheTransportKnowsTheSocketLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.cove.socket.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.corundumstudio..")
                .check(ALL);
    }

    @Test
    void onlyTheDatabaseModuleKnowsSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.cove.db..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")
                .check(ALL);
    }

    @Test
    void onlyFirebaseAuthKnowsTheFirebaseSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.cove.auth..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.firebase..", "com.google.auth..")
                .check(ALL);
    }

    @Test
    void theModelDependsOnNoFrameworkButJackson() {
        classes()
                .that()
                .resideInAPackage("com.cove.model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "com.cove.model..", "java..", "javax.crypto..", "com.fasterxml.jackson..", "org.jspecify..")
                .check(ALL);
    }

    /** A verifier that believes anybody must not be found in anything that is deployed. */
    @Test
    void unsignedTokensAreBelievedHereOnly() {
        classes()
                .that()
                .implement(com.cove.auth.TokenVerifier.class)
                .should()
                .haveFullyQualifiedName("com.cove.local.LocalTokenVerifier")
                .orShould()
                .haveFullyQualifiedName("com.cove.auth.FirebaseTokenVerifier")
                .orShould()
                // Both ask another verifier first, and only add refusals.
                .haveFullyQualifiedName("com.cove.auth.FirebaseTokenAuthority")
                .orShould()
                .haveFullyQualifiedName("com.cove.socket.session.RevocationGate")
                .check(ALL);
    }

    /** What is to be said goes to the log; programs tell who started them by hand. */
    @Test
    void onlyProgramsWriteToTheConsole() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(
                        com.cove.socket.SocketMain.class,
                        Program.class,
                        com.cove.bench.Generator.class,
                        com.cove.bench.EchoServer.class)
                .and()
                // The log of a Lambda is its standard output.
                .resideOutsideOfPackage("com.cove.api.log")
                .should(ACCESS_STANDARD_STREAMS)
                .check(ALL);
    }
}
