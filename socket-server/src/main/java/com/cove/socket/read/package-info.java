/** The event {@code mark_read}. Called on virtual threads. */
@NullMarked
package com.cove.socket.read;

import org.jspecify.annotations.NullMarked;
