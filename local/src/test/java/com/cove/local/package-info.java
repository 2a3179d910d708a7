/** Tests of the whole system on one machine. */
@NullMarked
package com.cove.local;

import org.jspecify.annotations.NullMarked;
