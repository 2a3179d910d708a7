package com.cove.socket.rounds;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/**
 * The steps of a round. One that fails keeps none of the others from their work, and is tried again in the next round; the log says once
 * that they fail, and once that they do not any more. For one thread.
 */
public final class Steps {
    private final Logger log;
    private final String fails;
    private final String works;
    private final BooleanSupplier closing;
    private boolean failing;

    /**
     * @param fails the sentence of a failure
     * @param works the sentence of a round without one, after it
     * @param closing from when on failures are nobody's news
     */
    public Steps(Logger log, String fails, String works, BooleanSupplier closing) {
        this.log = log;
        this.fails = fails;
        this.works = works;
        this.closing = closing;
    }

    /** Takes them all; false where one failed. */
    public boolean take(List<Runnable> steps) {
        boolean failed = false;
        for (Runnable step : steps) {
            failed |= !take(step);
        }
        if (failing && !failed) {
            log.atInfo().log(works);
        }
        failing = failed;
        return !failed;
    }

    /** Takes one, outside a round; false where it failed. */
    public boolean take(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            if (!failing && !closing.getAsBoolean()) {
                log.atWarn()
                        .addKeyValue("problem", e.getClass().getSimpleName())
                        .log(fails);
                failing = true;
            }
            return false;
        }
    }
}
