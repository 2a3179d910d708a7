/**
 * Who is connected here and what each has seen, and getting committed events to them in order, once, and later if need be. Called
 * by handlers and the hook on virtual threads, and by the timer's executor and {@code Repair}, on theirs.
 */
@NullMarked
package com.cove.socket.fanout;

import org.jspecify.annotations.NullMarked;
