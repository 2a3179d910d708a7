/** Who is online, and telling those who share a thread with them. Called on virtual threads. */
@NullMarked
package com.cove.socket.presence;

import org.jspecify.annotations.NullMarked;
