package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the dashboard and docs/operations.md name is what a server says in {@code /metrics}, and all of ours stands there. */
class MetersDocumentTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern METER = Pattern.compile("\\b(?:cove|jvm|process|system|netty)_[a-z_]+[a-z]\\b");
    private static final Pattern OURS = Pattern.compile("\\bcove_[a-z_]+[a-z]\\b");
    private static TwoNodes nodes;

    @BeforeAll
    static void somethingOfEach() throws Exception {
        nodes = TwoNodes.start(Map.of());
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        nodes.one.client("no token", "websocket").open();
        nodes.one.connect("carol", "polling", "websocket");
        ada.send(thread, "hello");
        TwoNodes.gets(bob, thread, 1, 1);
        ada.close();
        // Of its pauses nothing is said before there is one.
        System.gc();
        await().until(() -> said().containsAll(Set.of(
                "cove_refusals_total", "cove_session_ends_total", "cove_upgrades_total", "jvm_gc_pause_seconds_sum")));
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Test
    void theDashboardShowsMetersThatThereAre() throws Exception {
        JsonNode dashboard = Json.parse(Files.readString(DOCS.resolve("grafana/cove.json")));
        Set<String> asked = dashboard.findValuesAsText("expr").stream()
                .flatMap(expression -> METER.matcher(expression).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).hasSizeGreaterThan(20).isSubsetOf(said());
    }

    @Test
    void theDocumentNamesMetersThatThereAreAndLeavesNoneOut() throws Exception {
        Set<String> named = OURS.matcher(Files.readString(DOCS.resolve("operations.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).isSubsetOf(said());
        assertThat(named).containsAll(families());
    }

    /** What a gauge asks must live as long as the gauge. */
    @Test
    void everyMeterHasAValue() {
        System.gc();

        assertThat(metrics().filter(line -> line.startsWith("cove_"))).noneMatch(line -> line.endsWith(" NaN"));
    }

    /** The names of the lines, and of those that a histogram's lines are of. */
    private static Set<String> said() {
        Set<String> names = new TreeSet<>(families());
        lines(false).forEach(names::add);
        return names;
    }

    /** Our meters, each histogram once. */
    private static Set<String> families() {
        return lines(true)
                .filter(name -> name.startsWith("cove_"))
                .filter(name -> !name.endsWith("_max") && !name.endsWith("_max_bytes"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> lines(boolean types) {
        return metrics()
                .filter(line -> types ? line.startsWith("# TYPE ") : !line.startsWith("#"))
                .map(line -> types ? line.split(" ", 4)[2] : line.split("[ {]", 2)[0]);
    }

    private static Stream<String> metrics() {
        return TwoNodes.get(nodes.one.internalPort(), "/metrics").lines();
    }
}
