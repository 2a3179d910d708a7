/** For what works in rounds, on a virtual thread of its own. */
@NullMarked
package com.cove.socket.rounds;

import org.jspecify.annotations.NullMarked;
