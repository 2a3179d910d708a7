package com.cove.db.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.db.history.Horizon;
import com.cove.model.presence.UpdatePresence;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class PresenceStoreTest {
    private final TestDatabase test;
    private final PresenceStore presence;
    private final UserId ann;
    private final UserId bob;

    PresenceStoreTest(TestDatabase test) {
        this.test = test;
        this.presence = test.database().presence();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
    }

    @Test
    void contactsAreThoseWhoShareAThread() {
        UserId cleo = test.user("cleo");
        UserId dan = test.user("dan");
        UserId eve = test.user("eve");
        Conversation.direct(test, ann, bob);
        Conversation.group(test, cleo, ann, bob);
        Conversation.direct(test, dan, cleo);
        presence.update(bob, new UpdatePresence(false));

        Map<UserId, Circle> circles = presence.circles(List.of(ann, bob, dan, eve, new UserId("stranger")));

        assertThat(circles)
                .containsOnly(
                        Map.entry(ann, new Circle(false, Set.of(bob, cleo), Set.of(bob))),
                        Map.entry(bob, new Circle(true, Set.of(ann, cleo), Set.of())),
                        Map.entry(dan, new Circle(false, Set.of(cleo), Set.of())),
                        Map.entry(eve, new Circle(false, Set.of(), Set.of())));
        assertThat(Objects.requireNonNull(circles.get(ann)).visibleContacts()).containsExactly(cleo);
    }

    @Test
    void whoHidesIsHiddenUntilTheyShowThemselves() {
        assertThat(presence.hidden(List.of(ann, bob))).isEmpty();

        assertThat(presence.update(ann, new UpdatePresence(false)).visible()).isFalse();
        assertThat(presence.hidden(List.of(ann, bob))).containsExactly(ann);

        assertThat(presence.update(ann, new UpdatePresence(true)).visible()).isTrue();
        assertThat(presence.hidden(List.of(ann, bob))).isEmpty();
    }

    @Test
    void aChangeThatCommitsLateIsNotMissed() throws Exception {
        Horizon start = presence.since(Optional.empty()).until();
        try (Connection late = test.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE app_user SET presence_hidden = true, presence_changed = pg_current_xact_id()"
                    + " WHERE id = 'ann'");
            presence.update(bob, new UpdatePresence(false));
            PresenceStore.Changes first = presence.since(Optional.of(start));
            assertThat(first.hidden()).containsEntry(bob, true).doesNotContainKey(ann);

            late.commit();

            assertThat(presence.since(Optional.of(first.until())).hidden()).containsEntry(ann, true);
        }
    }

    @Test
    void whatIsAsItWasIsNoChange() {
        presence.update(ann, new UpdatePresence(true));

        assertThat(test.ask("SELECT presence_changed IS NULL FROM app_user WHERE id = 'ann'"))
                .isEqualTo("t");
    }

    @Test
    void theLatestTimeSeenWins() {
        assertThat(presence.lastSeen(ann)).isEmpty();

        presence.seen(
                Map.of(ann, Instant.parse("2026-11-23T09:30:00.123999Z"), bob, Instant.parse("2026-11-23T10:00:00Z")));
        presence.seen(Map.of(ann, Instant.parse("2026-11-23T09:29:59Z")));

        assertThat(presence.lastSeen(ann)).contains(Instant.parse("2026-11-23T09:30:00.123Z"));
        assertThat(presence.lastSeen(bob)).contains(Instant.parse("2026-11-23T10:00:00Z"));
    }

    @Test
    void whoHidesIsNotSeen() {
        presence.update(ann, new UpdatePresence(false));

        presence.seen(Map.of(ann, Instant.parse("2026-11-23T09:30:00Z")));

        assertThat(presence.lastSeen(ann)).isEmpty();
    }
}
