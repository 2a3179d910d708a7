/** What devices are pushed. Immutable, any thread. */
@NullMarked
package com.cove.model.push;

import org.jspecify.annotations.NullMarked;
