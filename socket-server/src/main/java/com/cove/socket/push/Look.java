package com.cove.socket.push;

import com.cove.db.history.Horizon;

/**
 * A look at the database, after which everything it saw had been sent.
 *
 * @param began by {@link System#nanoTime}
 */
record Look(Horizon horizon, long began) {}
