/** JSON as the wire contract wants it: the one configured mapper. Thread-safe. */
@NullMarked
package com.cove.model.json;

import org.jspecify.annotations.NullMarked;
