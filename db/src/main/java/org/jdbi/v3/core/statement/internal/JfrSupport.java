package org.jdbi.v3.core.statement.internal;

/**
 * Stands before JDBI's own class of this name, which has no switch: that one registers an event of Flight Recorder with the text
 * <em>and the parameters</em> of every statement, so that a recording would hold what people write to each other, and starts Flight
 * Recorder with the first statement, which is a tenth of a cold start. {@code JfrSupportTest} fails on the day JDBI no longer has it.
 */
public final class JfrSupport {
    private static final OptionalEvent NONE = new NoStatementEvent();

    private JfrSupport() {}

    /** The event of a statement that begins: one that is never recorded. */
    public static OptionalEvent newStatementEvent() {
        return NONE;
    }
}
