package com.cove.bench.run;

import com.cove.bench.measure.Trouble;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One kind of load. Made with its settings read, so that a mistake in them shows before anything begins. */
public interface Scenario {
    /** Plays it; returns what was measured. */
    ObjectNode run() throws Trouble, InterruptedException;
}
