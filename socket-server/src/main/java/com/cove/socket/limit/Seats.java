package com.cove.socket.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A number of places for each key. */
public final class Seats<K> {
    private final int places;
    private final Map<K, Integer> taken = new ConcurrentHashMap<>();

    public Seats(int places) {
        this.places = places;
    }

    /** False if all of the key's places are taken. Each one taken is to be {@linkplain #leave left}. */
    public boolean take(K key) {
        return take(key, 0);
    }

    /** The same where so many places are taken elsewhere. */
    boolean take(K key, int elsewhere) {
        boolean[] room = new boolean[1];
        taken.compute(key, (_, count) -> {
            int before = count == null ? 0 : count;
            room[0] = before < places - elsewhere;
            return room[0] ? Integer.valueOf(before + 1) : count;
        });
        return room[0];
    }

    public void leave(K key) {
        taken.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }
}
