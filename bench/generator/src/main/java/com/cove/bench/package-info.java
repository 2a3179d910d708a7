/**
 * The load generator of {@code make bench}: one process with one event loop that plays all clients and checks everything that it
 * gets. {@link com.cove.bench.Generator} is its program, called by {@code bench/speed}, or by hand.
 */
@NullMarked
package com.cove.bench;

import org.jspecify.annotations.NullMarked;
