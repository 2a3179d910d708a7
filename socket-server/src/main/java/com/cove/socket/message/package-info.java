/** The event {@code send_message}. Called on virtual threads. */
@NullMarked
package com.cove.socket.message;

import org.jspecify.annotations.NullMarked;
