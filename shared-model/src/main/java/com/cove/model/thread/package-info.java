/** Threads of conversation, their participants, and the requests about them. Immutable, any thread. */
@NullMarked
package com.cove.model.thread;

import org.jspecify.annotations.NullMarked;
