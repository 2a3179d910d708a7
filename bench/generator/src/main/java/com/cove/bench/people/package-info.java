/** Clients of Socket.IO: their tokens, how they come, their heartbeats, and how they come back. On the event loop, tokens excepted. */
@NullMarked
package com.cove.bench.people;

import org.jspecify.annotations.NullMarked;
