/** Who is told that somebody is online, and when they last were. */
@NullMarked
package com.cove.db.presence;

import org.jspecify.annotations.NullMarked;
