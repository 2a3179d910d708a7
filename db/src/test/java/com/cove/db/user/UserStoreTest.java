package com.cove.db.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.thread.Participant;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class UserStoreTest {
    private final TestDatabase test;
    private final UserStore users;
    private final UserId ann = new UserId("ann");

    UserStoreTest(TestDatabase test) {
        this.test = test;
        this.users = test.database().users();
    }

    @Test
    void aNewNameAndPictureReplaceTheOld() {
        users.provision(new UserProfile(ann, "Ann", null));
        users.provision(new UserProfile(ann, "Anne", "https://example.com/a.png"));
        UserId bob = test.user("bob");
        assertThat(Conversation.direct(test, bob, ann).participants())
                .filteredOn(Participant::id, ann)
                .singleElement()
                .satisfies(participant -> {
                    assertThat(participant.name()).isEqualTo("Anne");
                    assertThat(participant.imageUrl()).isEqualTo("https://example.com/a.png");
                });
    }

    @Test
    void aPictureStoredAsAKeyStaysUntilATokenBringsOne() {
        users.provision(new UserProfile(ann, "Ann", "https://example.com/a.png"));
        users.provision(new UserProfile(ann, "Ann", null));
        assertThat(test.ask("SELECT image_url IS NULL FROM app_user")).isEqualTo("t");

        test.execute("UPDATE app_user SET image_url = 'ann/a.png'");
        String written = rowVersion();
        users.provision(new UserProfile(ann, "Ann", null));
        assertThat(rowVersion()).isEqualTo(written);
        users.provision(new UserProfile(ann, "Anne", null));
        assertThat(test.ask("SELECT name || ' ' || image_url FROM app_user")).isEqualTo("Anne ann/a.png");

        users.provision(new UserProfile(ann, "Anne", "https://example.com/b.png"));
        assertThat(test.ask("SELECT image_url FROM app_user")).isEqualTo("https://example.com/b.png");
    }

    @Test
    void provisioningSomebodyWhoDidNotChangeWritesNothing() {
        users.provision(new UserProfile(ann, "Ann", null));
        String written = rowVersion();
        String before = test.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())");
        users.provision(new UserProfile(ann, "Ann", null));
        assertThat(rowVersion()).isEqualTo(written);
        assertThat(test.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())"))
                .as("the next transaction id")
                .isEqualTo(before);
    }

    @Test
    void firstConnectionsAtOnceProvisionOnePerson() throws Exception {
        for (int round = 0; round < 30; round++) {
            UserProfile profile = new UserProfile(new UserId("new" + round), "Somebody", null);
            Callable<Boolean> provision = () -> {
                users.provision(profile);
                return true;
            };
            Conversation.atOnce(Collections.nCopies(8, provision));
        }
        assertThat(test.ask("SELECT count(*) FROM app_user")).isEqualTo("30");
    }

    @Test
    void claimsThatCannotBeStoredAreCutToFit() {
        String name = "A\0nn\uD800 " + "\uD83D\uDE00".repeat(300);
        users.provision(new UserProfile(ann, name, "https://example.com/" + "x".repeat(3_000)));
        assertThat(test.ask("SELECT name FROM app_user")).isEqualTo("Ann " + "\uD83D\uDE00".repeat(196));
        assertThat(test.ask("SELECT image_url IS NULL FROM app_user")).isEqualTo("t");
        String written = rowVersion();
        users.provision(new UserProfile(ann, name, null));
        assertThat(rowVersion()).as("cut to the same again").isEqualTo(written);
    }

    private String rowVersion() {
        return test.ask("SELECT xmin || '/' || ctid FROM app_user WHERE id = 'ann'");
    }
}
