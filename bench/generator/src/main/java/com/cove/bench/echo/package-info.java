/** What a websocket takes where nothing is behind it: the limit that a server can come near to. */
@NullMarked
package com.cove.bench.echo;

import org.jspecify.annotations.NullMarked;
