/** What somebody missed: for a socket that comes back after its connection was lost. */
@NullMarked
package com.cove.db.recovery;

import org.jspecify.annotations.NullMarked;
