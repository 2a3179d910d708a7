package com.cove.socket.nodes;

import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.cove.model.text.Texts;
import com.cove.model.user.UserId;
import java.util.List;

/**
 * What a node tells another of users who are on both: {@code {node, address, users: [{user, since: [ms…], spent}]}}.
 *
 * @param node this run of the program; its address changes with each link
 * @param address where it listens
 */
record Share(String node, String address, List<Taken> users) {
    private static final String HEAD = "limits\n";

    /**
     * What one user takes of a node.
     *
     * @param since when each connection there began, in milliseconds since the epoch by its clock; none if they left
     * @param spent events since the node told of some before
     */
    record Taken(UserId user, List<Long> since, int spent) {
        Taken {
            Texts.required("user", user);
            since = Texts.elements("since", since);
            if (spent < 0) {
                throw AppException.invalid("spent", "must not be negative");
            }
        }
    }

    Share {
        Texts.required("node", node);
        Texts.required("address", address);
        users = Texts.elements("users", users);
    }

    /** Whether a hint is one of these: no thread has such a name. */
    static boolean is(String hint) {
        return hint.startsWith(HEAD);
    }

    String write() {
        return HEAD + Json.text(this);
    }

    /** Reads what {@link #write} wrote; {@code invalid_request} for anything else. */
    static Share read(String hint) {
        return Json.read(hint.substring(HEAD.length()), Share.class);
    }
}
