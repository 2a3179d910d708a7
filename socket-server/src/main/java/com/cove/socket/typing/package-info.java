/** Who is typing. Nothing of it is stored. Called on virtual threads. */
@NullMarked
package com.cove.socket.typing;

import org.jspecify.annotations.NullMarked;
