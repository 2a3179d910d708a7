/** The chat page as files on the class path, and what it is told about this system. Immutable, any thread. */
@NullMarked
package com.cove.local.page;

import org.jspecify.annotations.NullMarked;
