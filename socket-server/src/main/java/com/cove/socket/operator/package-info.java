/**
 * What an operator looks at: {@code GET /nodes} on the internal port, which clients never reach. Runs on virtual threads, and may
 * wait for the database and for Redis.
 */
@NullMarked
package com.cove.socket.operator;

import org.jspecify.annotations.NullMarked;
