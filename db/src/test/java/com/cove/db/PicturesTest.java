package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.Participant;
import com.cove.model.user.PictureConfig;
import com.cove.model.user.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A picture stored as a key is an address in whatever a store answers. */
@ExtendWith(TestDatabaseExtension.class)
class PicturesTest {
    private static final String KEY = "ann/my picture.png";
    private static final String ADDRESS = "https://pictures.example.com/ann/my%20picture.png";

    private final TestDatabase test;

    PicturesTest(TestDatabase test) {
        this.test = test;
    }

    @Test
    void participantsAndSendersHaveAddresses() {
        UserId ann = test.user("ann");
        UserId ben = test.user("ben");
        ChatThread thread = Conversation.direct(test, ann, ben);
        test.execute("UPDATE app_user SET image_url = '" + KEY + "' WHERE id = 'ann'");
        try (Database database =
                Database.open(test.config().withPoolSize(2), new PictureConfig("https://pictures.example.com"))) {
            Message sent = database.messages()
                    .send(ann, new SendMessage(thread.id(), "hello", null))
                    .message();
            assertThat(sent.sender().imageUrl()).isEqualTo(ADDRESS);
            assertThat(Conversation.messages(database, thread.id())).containsExactly(sent);
            List<ChatThread> threads =
                    database.threads().list(ben, new ListThreads(null, null)).threads();
            assertThat(threads).singleElement().satisfies(own -> {
                assertThat(own.lastMessage()).isEqualTo(sent);
                assertThat(own.participants())
                        .extracting(Participant::imageUrl)
                        .containsExactlyInAnyOrder(ADDRESS, "https://example.com/ben.png");
            });
        }
    }
}
