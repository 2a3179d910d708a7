/** A real PostgreSQL for the tests of every module, and this module's own tests. */
@NullMarked
package com.cove.db;

import org.jspecify.annotations.NullMarked;
