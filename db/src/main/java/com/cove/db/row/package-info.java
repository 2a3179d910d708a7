/**
 * Rows that more than one feature reads: a message with its sender, a thread as a member sees it. Called by the stores
 * inside their transactions.
 */
@NullMarked
package com.cove.db.row;

import org.jspecify.annotations.NullMarked;
