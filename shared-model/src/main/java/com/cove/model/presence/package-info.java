/** Who may see whether somebody is online. Immutable, any thread. */
@NullMarked
package com.cove.model.presence;

import org.jspecify.annotations.NullMarked;
