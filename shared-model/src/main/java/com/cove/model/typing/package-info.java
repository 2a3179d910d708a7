/** Somebody starts or stops typing. Immutable, any thread. */
@NullMarked
package com.cove.model.typing;

import org.jspecify.annotations.NullMarked;
