/** What every store stands on: its transactions, and what a failure of PostgreSQL means to a client. Any thread that may block. */
@NullMarked
package com.cove.db.sql;

import org.jspecify.annotations.NullMarked;
