/** What the REST side tells the socket server after a commit, and how it is signed. Immutable, any thread. */
@NullMarked
package com.cove.model.hook;

import org.jspecify.annotations.NullMarked;
