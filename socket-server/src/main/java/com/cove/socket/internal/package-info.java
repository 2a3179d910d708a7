/** The internal port, which clients never reach. Its endpoints run on virtual threads. */
@NullMarked
package com.cove.socket.internal;

import org.jspecify.annotations.NullMarked;
