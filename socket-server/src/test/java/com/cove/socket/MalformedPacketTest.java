package com.cove.socket;

import static com.cove.socket.Bystanders.MARK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets that are none, too large or out of turn, over both transports. */
class MalformedPacketTest extends UnderAttack {
    /** A packet of a verified client, and whether it ends the session. */
    record Case(String packet, boolean ends) {
        @Override
        public String toString() {
            String start = packet.substring(0, Math.min(24, packet.length())).replace("\0", "NUL");
            return "'" + start + "' of " + packet.length() + (ends ? " ends" : " is harmless");
        }
    }

    /** Cases of one kind, for each of which there is a session of its own. */
    record Kind(String name, List<Case> cases) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> packets() {
        return Stream.of(
                kind("Engine.IO packets", MalformedPacketTest::engine),
                kind("Socket.IO packets", MalformedPacketTest::socket),
                kind("attachment counts", MalformedPacketTest::attachments),
                kind("numbers", MalformedPacketTest::numbers),
                kind("namespaces", MalformedPacketTest::namespaces),
                kind("JSON", MalformedPacketTest::json),
                kind("prototype keys", MalformedPacketTest::keys));
    }

    private static Kind kind(String name, Consumer<List<Case>> cases) {
        List<Case> all = new ArrayList<>();
        cases.accept(all);
        return new Kind(name, all);
    }

    private static void ends(List<Case> cases, String... packets) {
        Stream.of(packets).forEach(packet -> cases.add(new Case(packet, true)));
    }

    private static void harmless(List<Case> cases, String... packets) {
        Stream.of(packets).forEach(packet -> cases.add(new Case(packet, false)));
    }

    private static void engine(List<Case> cases) {
        ends(cases, "", "0", "0{\"sid\":\"" + MARK + "\"}", "2", "2probe", "2" + MARK, "5", "7", "9");
        ends(cases, MARK, "\0", "-1", " 4", "\uff14", "\u0664", "1" + MARK);
        harmless(cases, "3", "3" + MARK, "3probe", "6", "6" + MARK);
    }

    private static void socket(List<Case> cases) {
        ends(
                cases,
                "4",
                "4" + MARK,
                "4-1",
                "4 2[]",
                "47",
                "49",
                "4\0",
                "42",
                "42{}",
                "42" + MARK,
                "42\"" + MARK + "\"");
        ends(cases, "40", "40{}", "40[", "40" + MARK, "401{}", "41" + MARK, "411[]");
        ends(cases, "42[", "42[]", "42[1]", "42[null]", "42[{}]", "42[[]]", "42[\"a\"", "42[\"a\"]]", "42[\"a\",]");
        ends(
                cases,
                "42[\"a\"]42[\"b\"]",
                "42[\"" + MARK + "\"]x",
                "42[a]",
                "42['a']",
                "42[\"a\" \"b\"]",
                "42[\"\\x\"]");
        ends(cases, "43", "43[]", "431", "431{}", "43x[]", "43-1[]", "44", "44{}", "44{\"message\":\"" + MARK + "\"}");
        ends(cases, "42[\"connect\"]", "42[\"connect_error\",{}]", "42[\"disconnect\"]", "42[\"\\u0064isconnecting\"]");
        ends(cases, "427[\"newListener\"]", "42[ \"removeListener\"]");
        harmless(cases, "42[\"Connect\"]", "42[\"listener\"]");
        harmless(cases, "431[]", "43999[\"" + MARK + "\"]", "42[\"" + MARK + "\"]", "42[\"\"]", "429[\"\\u0000\"]");
        harmless(cases, "42[\"" + MARK + "\",null,[],{},1e5]", "42000000000000000[\"a\"]");
    }

    private static void attachments(List<Case> cases) {
        ends(
                cases,
                "45",
                "45-",
                "45[\"a\"]",
                "45-[\"a\"]",
                "451[\"a\"]",
                "45x-[\"a\"]",
                "45-1-[\"a\"]",
                "451.5-[\"a\"]");
        ends(cases, "4517-[\"a\"]", "4599999-[\"a\"]", "459999-[\"a\"]", "451-{}", "451-", "46", "461-[]", "4617-1[]");
        harmless(cases, "450-[\"" + MARK + "\"]", "460-1[]", "4500-7[\"a\",{\"_placeholder\":true,\"num\":9}]");
    }

    private static void numbers(List<Case> cases) {
        for (int length : new int[] {16, 60_000, 900_000}) {
            String digits = "9".repeat(length);
            ends(cases, "42" + digits + "[\"a\"]", "43" + digits + "[]", "45" + digits + "-[\"a\"]");
            ends(cases, "451-" + digits + "[\"a\"]", "46" + digits, "40" + digits, "4" + digits, digits);
        }
        harmless(cases, "42123456789012345[\"a\"]");
        // Legal JSON, and numbers that a careless reader would spend minutes on.
        harmless(cases, "421[\"sync\",{\"cursor\":\"x\",\"limit\":1e999999999}]");
        harmless(cases, "421[\"sync\",{\"cursor\":\"x\",\"limit\":-1e-999999999}]");
        ends(cases, "421[\"sync\",{\"cursor\":\"x\",\"limit\":" + "9".repeat(60_000) + "}]");
    }

    private static void namespaces(List<Case> cases) {
        ends(cases, "41/" + MARK + ",", "41/nowhere");
        ends(cases, "42/other,[\"a\"]", "42/" + MARK + ",[\"a\"]", "43/x,1[]", "451-/x,[\"a\"]", "42/[\"a\"]", "42/,");
        ends(
                cases,
                "40/" + "x".repeat(200) + ",",
                "42/" + "9".repeat(60_000) + ",[\"a\"]",
                "40/" + "9".repeat(900_000));
        harmless(cases, "40//..%2f,{]}x" + MARK.repeat(100));
        harmless(cases, "40/" + MARK + ",", "40/admin", "40/__proto__,{}");
    }

    private static void json(List<Case> cases) {
        ends(cases, "42[\"sync\"," + "[".repeat(60_000), "42[\"sync\"," + "[".repeat(1_000) + "]".repeat(1_000) + "]");
        ends(cases, "42[\"sync\"," + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "]");
        harmless(cases, "421[\"sync\"," + "[".repeat(900_000) + "]".repeat(900_000) + "]");
        harmless(cases, "421[\"sync\",{" + "\"a\":1,".repeat(8_000) + "\"a\":1}]");
        ends(cases, "42[\"sync\",{\"" + "k".repeat(60_000) + "\":1}]");
        harmless(cases, "421[\"" + "n".repeat(49_000) + "\"]");
    }

    private static void keys(List<Case> cases) {
        for (String key :
                new String[] {"__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "@class"}) {
            harmless(cases, "421[\"" + key + "\",{\"" + key + "\":\"" + MARK + "\"}]");
            harmless(cases, "421[\"typing_stop\",{\"" + key + "\":{\"threadId\":\"" + MARK + "\"}}]");
        }
        harmless(cases, "421[\"typing_stop\",[\"java.util.HashMap\",{\"threadId\":\"" + MARK + "\"}]]");
    }

    @ParameterizedTest
    @MethodSource("packets")
    void overAWebSocket(Kind kind) {
        for (Case given : kind.cases) {
            RawWebSocket socket = stranger().connected().text(given.packet);
            if (given.ends) {
                socket.awaitClosed();
            } else {
                socket.text("427[\"sync\",{}]");
                assertThat(socket.await("437")).as(given.toString()).startsWith("437[{\"ok\":false");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void overPolling(Kind kind) {
        for (Case given : kind.cases) {
            String sid = stranger().connectedPolling();
            stranger().post(sid, given.packet);
            if (given.ends) {
                stranger().pollToTheEnd(sid);
                assertThat(stranger().post(sid, "427[\"sync\",{}]").status())
                        .as(given.toString())
                        .isEqualTo(400);
            } else {
                stranger().post(sid, "427[\"sync\",{}]");
                assertThat(stranger().pollFor(sid, "437")).as(given.toString()).startsWith("437[{\"ok\":false");
            }
        }
    }

    /** Whoever is not verified gets nothing through but the end of the session: answers to heartbeats, goodbyes. */
    @ParameterizedTest
    @MethodSource("packets")
    void beforeTheConnect(Kind kind) {
        for (Case given : kind.cases) {
            if (!given.packet.startsWith("40") && !given.packet.startsWith("41") && !given.packet.startsWith("3")) {
                RawWebSocket socket = stranger().webSocket().text(given.packet);
                assertThat(socket.awaitClosed()).as("answers to " + given).isZero();
            }
        }
    }
}
