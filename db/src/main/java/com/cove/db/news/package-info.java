/** What was stored lately, in all threads: for the fan-out, which delivers what nobody told of. Asks nobody's permission. */
@NullMarked
package com.cove.db.news;

import org.jspecify.annotations.NullMarked;
