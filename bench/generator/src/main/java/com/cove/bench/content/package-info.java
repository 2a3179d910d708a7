/** What people write, and how it is found again in bytes, without making an object of it. */
@NullMarked
package com.cove.bench.content;

import org.jspecify.annotations.NullMarked;
