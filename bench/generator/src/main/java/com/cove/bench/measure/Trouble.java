package com.cove.bench.measure;

/** Why a run is worth nothing, in one sentence for whoever started it. */
public final class Trouble extends Exception {
    public Trouble(String sentence) {
        super(sentence);
    }
}
