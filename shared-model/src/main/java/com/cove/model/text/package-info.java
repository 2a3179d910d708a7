/** What a text from outside must be before anything else looks at it. Pure functions, any thread. */
@NullMarked
package com.cove.model.text;

import org.jspecify.annotations.NullMarked;
