/** Telling the socket server what was committed. Called by the handlers after their commit; blocks for 300 ms at most. */
@NullMarked
package com.cove.api.hook;

import org.jspecify.annotations.NullMarked;
