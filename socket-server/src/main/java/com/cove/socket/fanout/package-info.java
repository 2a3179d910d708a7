/** Who is connected here, and getting committed events to them in order. Called by handlers and the hook on virtual threads. */
@NullMarked
package com.cove.socket.fanout;

import org.jspecify.annotations.NullMarked;
