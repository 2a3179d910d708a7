/** Whether this server can do its job. Called on virtual threads. */
@NullMarked
package com.cove.socket.health;

import org.jspecify.annotations.NullMarked;
