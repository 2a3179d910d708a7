/** How much one client may do: rates and counts by connection, user and address. Never blocks; called on any thread. */
@NullMarked
package com.cove.socket.limit;

import org.jspecify.annotations.NullMarked;
