package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import java.util.Set;

/** Who is at this node, for the {@link Neighbours} to say. Called on threads that may not be held up. */
public interface Residents {
    boolean isHere(UserId user);

    /** Everybody who is here now. */
    Set<UserId> everybody();

    /**
     * The others can know that somebody is here.
     *
     * @param elsewhere whether they were on another node already
     */
    void registered(UserId user, boolean elsewhere);

    /**
     * The others can know that somebody is not here any more.
     *
     * @param elsewhere whether they are still on another node
     */
    void unregistered(UserId user, boolean elsewhere);
}
