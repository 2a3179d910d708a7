/** Whether a schema and this program fit each other. Asked by every store before it works, on threads that may block. */
@NullMarked
package com.cove.db.schema;

import org.jspecify.annotations.NullMarked;
