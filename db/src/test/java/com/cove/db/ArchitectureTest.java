package com.cove.db;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.cove.db");
    private static final String[] FEATURES = {"user", "thread", "message", "read", "device", "sync"};

    @Test
    void featuresDoNotKnowEachOther() {
        for (String feature : FEATURES) {
            String[] others = Stream.of(FEATURES)
                    .filter(other -> !other.equals(feature))
                    .map(other -> "com.cove.db." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("com.cove.db." + feature + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(OURS);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("com.cove.db.(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void whatOtherModulesCallSpeaksOfNoDatabaseLibrary() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(describe("are stores or the door", ArchitectureTest::isOffered))
                .should(speakOfNoDatabaseLibrary())
                .check(OURS);
    }

    @Test
    void daosAreHiddenRecords() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Dao")
                .should()
                .bePackagePrivate()
                .andShould()
                .beRecords()
                .check(OURS);
    }

    @Test
    void storesAreFinalAndDoNotKnowJdbc() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Store")
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(OURS);
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Store")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql.."))
                .check(OURS);
    }

    @Test
    void onlyMigrationsNeedFlyway() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Migrations")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.flywaydb.."))
                .check(OURS);
    }

    private static boolean isOffered(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && (type.getPackageName().equals("com.cove.db")
                        || type.getSimpleName().endsWith("Store")
                        || type.getSimpleName().endsWith("Outcome"));
    }

    private static ArchCondition<JavaMethod> speakOfNoDatabaseLibrary() {
        return new ArchCondition<>("speak of no database library") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                        .filter(type -> Stream.of(
                                        "org.jdbi",
                                        "java.sql",
                                        "javax.sql",
                                        "com.zaxxer",
                                        "org.postgresql",
                                        "org.flywaydb")
                                .anyMatch(type.getPackageName()::startsWith))
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " speaks of " + type.getName())));
            }
        };
    }
}
