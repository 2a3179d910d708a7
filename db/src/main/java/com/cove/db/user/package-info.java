/** What the database knows of people. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.user;

import org.jspecify.annotations.NullMarked;
