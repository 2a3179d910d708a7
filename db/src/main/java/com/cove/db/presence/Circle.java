package com.cove.db.presence;

import com.cove.model.user.UserId;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The people whom somebody's presence concerns.
 *
 * @param hidden whether nobody may see that they are online
 * @param contacts everybody who shares a thread with them, without them
 * @param hiddenContacts those of the contacts whom nobody may see
 */
public record Circle(boolean hidden, Set<UserId> contacts, Set<UserId> hiddenContacts) {
    public Circle {
        contacts = Set.copyOf(contacts);
        hiddenContacts = Set.copyOf(hiddenContacts);
    }

    /** The contacts whom they may see. */
    public Set<UserId> visibleContacts() {
        return contacts.stream()
                .filter(contact -> !hiddenContacts.contains(contact))
                .collect(Collectors.toUnmodifiableSet());
    }
}
