/** The public keys that ID tokens are verified with. Immutable, any thread. */
@NullMarked
package com.cove.model.key;

import org.jspecify.annotations.NullMarked;
