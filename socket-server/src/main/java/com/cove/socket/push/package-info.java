/**
 * Pushes to devices of people whom nothing else reached: proof of whom it did, and the sending. Both work on virtual threads of
 * their own; what observes deliveries is called by the fan-out and never waits.
 */
@NullMarked
package com.cove.socket.push;

import org.jspecify.annotations.NullMarked;
