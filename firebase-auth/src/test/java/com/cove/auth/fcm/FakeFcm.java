package com.cove.auth.fcm;

import com.cove.auth.FirebaseApps;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Firebase Cloud Messaging for tests: the HTTP v1 API over TLS and HTTP/2 as Google documents it, and the devices behind
 * it. It refuses what FCM refuses, keeps what it took, and fails as it is told. Thread-safe.
 */
public final class FakeFcm implements AutoCloseable {
    public static final String PROJECT = "cove-test";
    static final String HOST = "fcm.googleapis.com";
    static final String ACCESS_TOKEN = "access-token-of-the-service-account";
    private static final String SEND = "/v1/projects/" + PROJECT + "/messages:send";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final FcmConfig CONFIG = new FcmConfig(false, "messages", Optional.empty(), Duration.ofDays(1));

    /** What stands on a device's screen. */
    public record Shown(String tag, String title, String body, String messageId, long seq) {}

    private final FakeFcmServer server = new FakeFcmServer(this::receive);
    private final Map<String, Deque<FakeFcmAnswer>> scripts = new LinkedHashMap<>();
    private final Map<String, FakeFcmAnswer> always = new LinkedHashMap<>();
    private final Deque<FakeFcmAnswer> script = new ArrayDeque<>();
    private final Map<String, Integer> requests = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> accepted = new LinkedHashMap<>();
    private final Set<String> protocols = new TreeSet<>();
    private FakeFcmAnswer otherwise = FakeFcmAnswer.judged();
    private int allRequests;
    private int allAccepted;

    private FakeFcm() {}

    public static FakeFcm start() {
        FakeFcm fcm = new FakeFcm();
        fcm.server.listen();
        return fcm;
    }

    public int port() {
        return server.port();
    }

    /**
     * A client of this, which trusts its certificate; the caller closes it. More patient than the real one: that this
     * machine is busy is no failure.
     */
    public FcmClient client() {
        return client(CONFIG, PATIENCE);
    }

    /**
     * A client with other settings.
     *
     * @param patience how long a send may take
     */
    public FcmClient client(FcmConfig config, Duration patience) {
        return client(config, patience, new Granted());
    }

    FcmClient client(FcmConfig config, Duration patience, GoogleCredentials credentials) {
        return new FcmClient(
                () -> FirebaseApps.open(
                        new FirebaseAuthConfig(PROJECT, null, false),
                        credentials,
                        FcmTransport.to(address(), FakeFcmCertificate.get().trusting()),
                        patience),
                config,
                Clock.systemUTC(),
                patience);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** The next requests for this token are answered so, one by one; those after them as usual. */
    public synchronized void script(String token, FakeFcmAnswer... answers) {
        scripts.computeIfAbsent(token, _ -> new ArrayDeque<>()).addAll(List.of(answers));
    }

    /** The next requests for tokens without a script of their own, one by one. */
    public synchronized void script(FakeFcmAnswer... answers) {
        script.addAll(List.of(answers));
    }

    /** Every request for this token, after its script. */
    public synchronized void always(String token, FakeFcmAnswer answer) {
        always.put(token, answer);
    }

    /** Every request, after the scripts. */
    public synchronized void always(FakeFcmAnswer answer) {
        otherwise = answer;
    }

    /** Forgets what was to fail. */
    public synchronized void recover() {
        scripts.clear();
        always.clear();
        script.clear();
        otherwise = FakeFcmAnswer.judged();
    }

    /** Refuses connections, and ends those that there are, until {@link #listen}. */
    public void hangUp() {
        server.hangUp();
    }

    /** Is there again, at the same port. */
    public void listen() {
        server.listen();
    }

    public synchronized int requests() {
        return allRequests;
    }

    public synchronized int requests(String token) {
        return requests.getOrDefault(token, 0);
    }

    /** How many messages were taken, for all tokens. */
    public synchronized int accepted() {
        return allAccepted;
    }

    /** The messages that were taken for this token, in their order. */
    public synchronized List<JsonNode> accepted(String token) {
        return List.copyOf(accepted.getOrDefault(token, List.of()));
    }

    /** What the device shows, the newest last, if it was on all the time and its app does what ours should. */
    public synchronized List<Shown> shown(String token) {
        Map<String, Shown> screen = new LinkedHashMap<>();
        accepted.getOrDefault(token, List.of()).forEach(message -> show(message, screen));
        return List.copyOf(screen.values());
    }

    /** The number on the app's icon; empty before the first push. */
    public synchronized Optional<Integer> badge(String token) {
        List<JsonNode> messages = accepted.getOrDefault(token, List.of());
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getLast()
                        .path("apns")
                        .path("payload")
                        .path("aps")
                        .path("badge")
                        .asInt());
    }

    /** The protocols by which requests came. */
    synchronized Set<String> protocols() {
        return Set.copyOf(protocols);
    }

    int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Asks nobody for a token, and has one. */
    private static final class Granted extends GoogleCredentials {
        @Override
        public AccessToken refreshAccessToken() {
            return new AccessToken(ACCESS_TOKEN, Date.from(Instant.now().plus(Duration.ofHours(1))));
        }
    }

    /** A notification takes the place of one with its tag; a withdrawal takes away what is not newer than itself. */
    private static void show(JsonNode message, Map<String, Shown> screen) {
        JsonNode data = message.path("data");
        long seq = data.path("seq").asLong();
        if (message.has("notification")) {
            String tag =
                    message.path("android").path("notification").path("tag").asText();
            screen.remove(tag);
            screen.put(
                    tag,
                    new Shown(
                            tag,
                            message.path("notification").path("title").asText(),
                            message.path("notification").path("body").asText(),
                            data.path("messageId").asText(),
                            seq));
        } else if (data.path("type").asText().equals("withdraw")) {
            screen.computeIfPresent(data.path("threadId").asText(), (_, shown) -> shown.seq() <= seq ? null : shown);
        }
    }

    private void receive(FakeFcmServer.Request request, Consumer<FakeFcmAnswer> out) {
        JsonNode body = parse(request.body());
        answer(request, body, next(request, token(body)), out);
    }

    private void answer(
            FakeFcmServer.Request request, @Nullable JsonNode body, FakeFcmAnswer answer, Consumer<FakeFcmAnswer> out) {
        switch (answer) {
            case FakeFcmAnswer.When when -> when.gate().thenRun(() -> answer(request, body, when.then(), out));
            case FakeFcmAnswer.Judge _ -> out.accept(judge(request, body));
            default -> out.accept(answer);
        }
    }

    private synchronized FakeFcmAnswer next(FakeFcmServer.Request request, String token) {
        protocols.add(request.protocol());
        allRequests++;
        requests.merge(token, 1, Integer::sum);
        Deque<FakeFcmAnswer> own = scripts.getOrDefault(token, new ArrayDeque<>());
        if (!own.isEmpty()) {
            return own.removeFirst();
        }
        if (always.containsKey(token)) {
            return always.get(token);
        }
        return script.isEmpty() ? otherwise : script.removeFirst();
    }

    private FakeFcmAnswer judge(FakeFcmServer.Request request, @Nullable JsonNode body) {
        Set<String> hosts = Set.of(HOST, "127.0.0.1:" + port());
        if (!request.method().equals("POST")
                || !hosts.contains(request.host())
                || !request.path().equals(SEND)) {
            return FakeFcmAnswer.notFound();
        }
        if (!("Bearer " + ACCESS_TOKEN).equals(request.authorization())) {
            return FakeFcmAnswer.unauthenticated();
        }
        if (body == null) {
            return FakeFcmAnswer.invalid("", "Invalid JSON payload received.");
        }
        return FakeFcmRules.refusal(body).<FakeFcmAnswer>map(refusal -> refusal).orElseGet(() -> accept(body));
    }

    private synchronized FakeFcmAnswer accept(JsonNode body) {
        accepted.computeIfAbsent(token(body), _ -> new ArrayList<>()).add(body.path("message"));
        allAccepted++;
        return FakeFcmAnswer.accepted("projects/" + PROJECT + "/messages/" + allAccepted);
    }

    private static String token(@Nullable JsonNode body) {
        return body == null ? "" : body.path("message").path("token").asText();
    }

    private static @Nullable JsonNode parse(String body) {
        try {
            return Json.parse(body);
        } catch (AppException e) {
            return null;
        }
    }
}
