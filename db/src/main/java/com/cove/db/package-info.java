/**
 * The database: opening it, and the stores, one a feature, whose methods are use cases in one transaction each. The only
 * module that knows SQL, JDBI and JDBC. Called by both edges on threads that may block, never on an event loop.
 */
@NullMarked
package com.cove.db;

import org.jspecify.annotations.NullMarked;
