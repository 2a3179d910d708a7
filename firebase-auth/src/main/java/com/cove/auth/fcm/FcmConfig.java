package com.cove.auth.fcm;

import com.cove.model.config.Environment;
import com.cove.model.thread.ThreadId;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How pushes look; the variables are listed in docs/configuration.md.
 *
 * @param hidden true where no text of a message may leave through FCM
 * @param androidChannel the channel of the app that notifications belong to
 * @param linkTemplate what opens a thread, with {@code {threadId}} for its id; empty where the app needs no link
 * @param ttl how long FCM keeps a push for a device that is away
 */
public record FcmConfig(boolean hidden, String androidChannel, Optional<String> linkTemplate, Duration ttl) {
    private static final String THREAD_ID = "{threadId}";
    private static final Duration DEFAULT_TTL = Duration.ofDays(1);
    /** FCM takes 28; 24 are what fits a number of milliseconds. */
    private static final Duration MAX_TTL = Duration.ofDays(24);
    /** It stands in a push twice, and a push has 4,096 bytes. */
    private static final int MAX_LINK = 200;

    private static final Pattern CHANNEL = Pattern.compile("[!-~]{1,100}");
    private static final Pattern LINK = Pattern.compile("[!-~&&[^\"\\\\]]{1," + MAX_LINK + "}");

    /** Reads the settings and notes problems, without throwing. */
    public static FcmConfig from(Environment env) {
        return new FcmConfig(
                hidden(env),
                channel(env),
                link(env),
                env.millis("PUSH_TTL_MS", DEFAULT_TTL, Duration.ofMinutes(1), MAX_TTL));
    }

    /** The link that opens this thread. */
    Optional<String> link(ThreadId thread) {
        String id = URLEncoder.encode(thread.value(), StandardCharsets.UTF_8);
        return linkTemplate.map(template -> template.replace(THREAD_ID, id));
    }

    private static boolean hidden(Environment env) {
        return switch (env.text("PUSH_CONTENT", "shown")) {
            case "shown" -> false;
            case "hidden" -> true;
            default -> {
                env.problem("PUSH_CONTENT must be shown or hidden");
                // Whatever was meant: nothing is shown by mistake.
                yield true;
            }
        };
    }

    private static String channel(Environment env) {
        String channel = env.text("PUSH_ANDROID_CHANNEL", "messages");
        if (!CHANNEL.matcher(channel).matches()) {
            env.problem("PUSH_ANDROID_CHANNEL must be up to 100 visible ASCII characters");
        }
        return channel;
    }

    private static Optional<String> link(Environment env) {
        Optional<String> template = env.text("PUSH_LINK");
        if (template.isPresent() && !isLink(template.get())) {
            env.problem("PUSH_LINK must be an address of up to " + MAX_LINK + " ASCII characters that contains "
                    + THREAD_ID);
        }
        return template;
    }

    private static boolean isLink(String template) {
        if (!template.contains(THREAD_ID) || !LINK.matcher(template).matches()) {
            return false;
        }
        try {
            return new URI(template.replace(THREAD_ID, "0")).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
