package com.cove.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One kind of load. Made with its settings read, so that a mistake in them shows before anything begins. */
public interface Scenario {
    /** Plays it; returns what was measured. */
    ObjectNode run() throws Trouble, InterruptedException;
}
