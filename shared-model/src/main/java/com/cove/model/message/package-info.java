/** Messages, and the requests to send and to page through them. Immutable, any thread. */
@NullMarked
package com.cove.model.message;

import org.jspecify.annotations.NullMarked;
