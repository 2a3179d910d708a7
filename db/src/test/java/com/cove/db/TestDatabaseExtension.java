package com.cove.db;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test its own {@link TestDatabase}, and closes it, with its check for leaks, when the test is over. */
public final class TestDatabaseExtension implements ParameterResolver {
    private static final Namespace OURS = Namespace.create(TestDatabaseExtension.class);

    /** Also where the parameter is one of the test class's constructor, which would otherwise share one database. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(OURS).computeIfAbsent(TestDatabase.class, _ -> TestDatabase.create(), TestDatabase.class);
    }
}
