package com.cove.db;

import java.sql.SQLException;

/** There was no connection to be had. The message is a sentence for whoever operates this, and there is no cause, whose would quote what it should not. */
final class NoConnection extends SQLException {
    NoConnection(String sentence, String state) {
        super(sentence, state);
    }
}
