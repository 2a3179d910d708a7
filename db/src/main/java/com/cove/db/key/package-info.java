/** The public keys that ID tokens are verified with. */
@NullMarked
package com.cove.db.key;

import org.jspecify.annotations.NullMarked;
