package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.thread.ThreadId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rights that docs/operations.md says a server needs in Redis are all it needs. */
class RedisRightsTest {
    private static final Pattern COMMAND = Pattern.compile("`([A-Z]+)`");

    @Test
    void withTheseRightsAllIsTold() throws Exception {
        List<String> rights = Files.readAllLines(Path.of("../docs/operations.md")).stream()
                .filter(line -> line.startsWith("| rights (ACL) |"))
                .flatMap(line -> COMMAND.matcher(line).results())
                .map(MatchResult::group)
                .map(name -> "+" + name.replace("`", "").toLowerCase(Locale.ROOT))
                .toList();
        assertThat(rights).hasSizeGreaterThan(10);
        String all = "resetchannels ~cove:* &cove:* -@all " + String.join(" ", rights);

        try (TwoNodes nodes = TwoNodes.withRights(all, Map.of("REPAIR_INTERVAL_MS", "60000"))) {
            ThreadId thread = nodes.one.thread("ada", "bob");
            TestClient ada = nodes.connectToOne("ada");
            TestClient bob = nodes.connectToTwo("bob");
            assertThat(bob.await("user_online").path("userId").asText()).isEqualTo("ada");

            ada.send(thread, "hello");
            TwoNodes.gets(bob, thread, 1, 1);
            bob.close();

            assertThat(ada.await("user_online").path("userId").asText()).isEqualTo("bob");
            nodes.awaitHealth("up");
            List<Map<String, Object>> refused = nodes.redis.ask(commands -> commands.aclLog());
            assertThat(refused).isEmpty();
        }
    }
}
