package com.cove.db.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jdbi.v3.core.statement.internal.JfrSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestDatabaseExtension.class)
class JfrSupportTest {
    @Test
    void aRecordingDoesNotHoldWhatStatementsAreGiven(TestDatabase test, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            test.database().users().knows(new UserProfile(new UserId("ann"), "Ann of the recording", null));
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

        assertThat(events).noneMatch(event -> event.toString().contains("Ann of the recording"));
    }

    /** Where this fails JDBI has another way, and ours in src/main/java/org/jdbi is to be looked at again. */
    @Test
    void jdbiStillHasTheClassThatOursStandsBefore() throws IOException {
        List<URL> found = Collections.list(
                JfrSupport.class.getClassLoader().getResources("org/jdbi/v3/core/statement/internal/JfrSupport.class"));

        assertThat(found).hasSize(2);
        assertThat(found.getLast().getPath()).contains("jdbi3-core");
    }
}
