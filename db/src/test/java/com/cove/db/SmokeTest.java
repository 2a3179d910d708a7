package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.device.UpdateFcmToken;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.ListMessages;
import com.cove.model.message.SendMessage;
import com.cove.model.read.MarkRead;
import com.cove.model.sync.Sync;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.MuteThread;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class SmokeTest {
    @Test
    void aConversation(TestDatabase test) {
        Database db = test.database();
        UserId ann = test.user("ann");
        UserId bob = test.user("bob");
        var thread =
                db.threads().create(ann, new CreateThread(List.of(bob), null)).thread();
        var page0 = db.threads().list(bob, new ListThreads(null, null));
        var sent = db.messages().send(ann, new SendMessage(thread.id(), "hello", new ClientMessageId("a")));
        assertThat(sent.stored()).isTrue();
        assertThat(sent.message().seq()).isEqualTo(1);
        assertThat(sent.memberIds()).containsExactly(ann, bob);
        assertThat(db.messages()
                        .send(ann, new SendMessage(thread.id(), "hello", new ClientMessageId("a")))
                        .stored())
                .isFalse();
        assertThat(db.threads().list(bob, new ListThreads(null, null))).isNotNull();
        assertThat(db.messages().page(bob, new ListMessages(thread.id(), null, null, null)))
                .isNotNull();
        assertThat(db.messages().range(thread.id(), 1, 10)).isNotNull();
        assertThat(db.reads().mark(bob, new MarkRead(sent.message().id()))).isNotNull();
        assertThat(db.sync().changes(bob, new Sync(page0.cursor(), null))).isNotNull();
        assertThat(db.threads().mute(bob, new MuteThread(thread.id(), Instant.parse("9999-01-01T00:00:00Z"))))
                .isNotNull();
        assertThat(db.threads().members(bob, thread.id())).isNotNull();
        assertThat(db.users().contacts(bob)).isNotNull();
        db.users().seen(bob, Instant.now());
        assertThat(db.users().lastSeen(bob)).isNotNull();
        db.devices().update(ann, new UpdateFcmToken("t", null));
        db.devices().update(bob, new UpdateFcmToken("t", null));
        db.devices().update(bob, new UpdateFcmToken(null, null));
        db.check();
    }
}
