package com.cove.db.thread;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.Participant;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Optional;

/**
 * The thread that was asked for.
 *
 * @param created false where two people had it already
 * @param transaction that created it; 0 where it existed
 */
public record CreateOutcome(ChatThread thread, boolean created, long transaction) {
    static CreateOutcome existing(ChatThread thread) {
        return new CreateOutcome(thread, false, 0);
    }

    /** What is to be delivered; nothing where the thread existed. */
    public Optional<Delivery> news() {
        if (!created) {
            return Optional.empty();
        }
        List<UserId> members =
                thread.participants().stream().map(Participant::id).toList();
        return Optional.of(new Delivery(members, Change.of(new ThreadCreated(thread), transaction)));
    }
}
