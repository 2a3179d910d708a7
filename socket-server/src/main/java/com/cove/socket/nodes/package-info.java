/**
 * Tells other nodes, through Redis, what was stored, so that they need not find it in the database a second later. Exists only
 * where {@code REDIS_URL} is set. Told by {@code Fanout} on virtual threads, which never wait here; what it does itself it does on
 * virtual threads of its own. Lettuce has event loops of its own, on which nothing of ours runs but putting into queues.
 */
@NullMarked
package com.cove.socket.nodes;

import org.jspecify.annotations.NullMarked;
