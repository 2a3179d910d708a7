/** How the REST side tells what it committed. Handled on virtual threads. */
@NullMarked
package com.cove.socket.hook;

import org.jspecify.annotations.NullMarked;
