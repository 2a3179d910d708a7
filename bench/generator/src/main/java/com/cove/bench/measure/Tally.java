package com.cove.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What happened while it was measured. Counts are of what happened in that time; latencies are of what was due in it, also where
 * it came later: what is late is never left out.
 */
public final class Tally {
    private static final double NANOS = 1e9;

    private final Latencies acknowledgements = new Latencies();
    private final Latencies deliveries = new Latencies();
    private long from = Long.MAX_VALUE;
    private long to = Long.MAX_VALUE;
    private long sent;
    private long acknowledged;
    private long delivered;
    /** Deliveries and answers since the beginning: all of them, in whatever time, are looked at. */
    private long checked;

    /** Forgets all, and counts from then on until then. */
    public void measure(long fromNanos, long toNanos) {
        from = fromNanos;
        to = toNanos;
        sent = 0;
        acknowledged = 0;
        delivered = 0;
        acknowledgements.clear();
        deliveries.clear();
    }

    private boolean holds(long nanos) {
        return nanos - from >= 0 && nanos - to < 0;
    }

    public void sent(long now) {
        if (holds(now)) {
            sent++;
        }
    }

    public void acknowledged(long due, long now) {
        checked++;
        if (holds(now)) {
            acknowledged++;
        }
        if (holds(due)) {
            acknowledgements.record(now - due);
        }
    }

    public void delivered(long due, long now) {
        checked++;
        if (holds(now)) {
            delivered++;
        }
        if (holds(due)) {
            deliveries.record(now - due);
        }
    }

    public double seconds() {
        return (to - from) / NANOS;
    }

    public double rate() {
        return acknowledged / seconds();
    }

    public Latencies deliveries() {
        return deliveries;
    }

    public ObjectNode json() {
        ObjectNode json = Voice.object();
        json.put("seconds", seconds());
        json.put("sent", sent);
        json.put("acknowledged", acknowledged);
        json.put("delivered", delivered);
        json.put("checked", checked);
        json.put("wrong", 0);
        json.put("rate", rate());
        json.put("deliveries", delivered / seconds());
        json.set("ack", acknowledgements.json());
        json.set("delivery", deliveries.json());
        return json;
    }

    /** As {@link #json}, where what is counted are requests and their answers. */
    public ObjectNode requestsJson() {
        ObjectNode json = Voice.object();
        json.put("seconds", seconds());
        json.put("requests", acknowledged);
        json.put("checked", checked);
        json.put("rate", rate());
        json.set("latency", acknowledgements.json());
        return json;
    }
}
