package com.cove.model.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordingTest {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final String FAMILY = "👨‍👩‍👧‍👦";

    @Test
    void aDirectMessageIsTitledByItsSender() {
        assertThat(Wording.of("Ann", null, "hello", false)).isEqualTo(new Wording("Ann", "hello"));
    }

    @Test
    void aThreadsTitleComesBeforeTheSender() {
        assertThat(Wording.of("Ann", "Holidays", "hello", false)).isEqualTo(new Wording("Holidays · Ann", "hello"));
    }

    @Test
    void whoHasNoNameLeavesTheTitleToTheThread() {
        assertThat(Wording.of(null, "Holidays", "hello", false).title()).isEqualTo("Holidays");
        assertThat(Wording.of(" ", null, "hello", false).title()).isEqualTo("New message");
    }

    @Test
    void hiddenContentIsANeutralLineAndTheTitleStillTellsWhoWrote() {
        assertThat(Wording.of("Ann", "Holidays", "hello", true))
                .isEqualTo(new Wording("Holidays · Ann", "You have a new message"));
    }

    @Test
    void whatCannotBeSeenIsNoBody() {
        assertThat(Wording.of("Ann", null, "\u202e\n\t", false).body()).isEqualTo("You have a new message");
    }

    @Test
    void linesAndGapsBecomeBlanks() {
        assertThat(Wording.of("A\nnn", null, "\r\n one\n\n\ttwo\u0007\u2028three \u00a0 ", false))
                .isEqualTo(new Wording("A nn", "one two three"));
    }

    @Test
    void aNameThatTurnsTheDirectionRoundTurnsNothingRound() {
        assertThat(Wording.of("\u202eAnn", "\u2067Holidays", "hello", false).title())
                .isEqualTo("Holidays · Ann");
        assertThat(Wording.of("Ann", null, "a\u200eb\u200fc", false).body()).isEqualTo("a\u200eb\u200fc");
    }

    @Test
    void halfACharacterIsLeftOut() {
        assertThat(Wording.of("A\ud83dnn", null, "\ude00hello\ud83d", false)).isEqualTo(new Wording("Ann", "hello"));
    }

    @Test
    void aTextThatFitsIsLeftAlone() {
        String text = "x".repeat(Wording.BODY_GRAPHEMES);

        assertThat(Wording.of(null, null, text, false).body()).isEqualTo(text);
    }

    @Test
    void aLongerOneEndsInAnEllipsisWithinTheBound() {
        assertThat(Wording.of(null, null, "x".repeat(Wording.BODY_GRAPHEMES + 1), false)
                        .body())
                .isEqualTo("x".repeat(Wording.BODY_GRAPHEMES - 1) + "…");
        assertThat(Wording.of(null, null, "x ".repeat(1_000), false).body()).endsWith("x…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇸🇪", "é", "👍🏽", "각", "நி", "क्षि", "\"", "\\", "😀", "漢"})
    void noCharacterIsCut(String character) {
        String body = Wording.of(null, null, character.repeat(1_000), false).body();

        assertThat(body).matches("(" + Pattern.quote(character) + ")+…");
        assertBounded(body, Wording.BODY_GRAPHEMES, Wording.BODY_BYTES);
        assertThat(graphemes(body) == Wording.BODY_GRAPHEMES || json(body + character) > Wording.BODY_BYTES)
                .as("no more than needed is cut off")
                .isTrue();
    }

    @Test
    void oneGiantCharacterIsCutAfterACodePoint() {
        String giant = "e" + "\u0301".repeat(3_999);
        String family = "👨" + "\u200d👩".repeat(1_000);

        assertThat(Wording.of(null, null, giant, false).body())
                .isEqualTo("e" + "\u0301".repeat((Wording.BODY_BYTES - 4) / 2) + "…");
        String body = Wording.of(null, null, family, false).body();
        assertThat(family).startsWith(body.substring(0, body.length() - 1));
        assertBounded(body, Wording.BODY_GRAPHEMES, Wording.BODY_BYTES);
        assertThat(Wording.of(null, null, "hi " + giant, false).body()).isEqualTo("hi…");
    }

    @Test
    void twoLongNamesShareTheTitle() {
        String title =
                Wording.of(FAMILY.repeat(200), "\"".repeat(200), "hello", false).title();

        assertThat(title).matches("\"+… · (" + FAMILY + ")+…");
        assertBounded(title, Wording.TITLE_GRAPHEMES, Wording.TITLE_BYTES);
    }

    @Test
    void whateverIsWrittenIsBoundedAndWellFormed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> parts = List.of(
                "a", " ", "\n", "\"", "\\", "é", "\u0301", "\u200d", FAMILY, "👩", "🇸", "🇪", "漢", "\u202e", "\ud83d",
                "\u0000", "🏽", "\ufe0f", "ᄀ", "ᅡ", "क", "\u094d");
        for (int i = 0; i < 3_000; i++) {
            String text = random.ints(random.nextInt(4_000), 0, parts.size())
                    .mapToObj(parts::get)
                    .collect(Collectors.joining());
            String name = text.substring(0, Math.min(text.length(), random.nextInt(400)));

            Wording wording = Wording.of(name, text, text, false);

            assertThat(wording).as("seed %s", seed).satisfies(WordingTest::assertBounded);
        }
    }

    @Test
    void aNotificationShortensWhatNobodyDid() {
        String long_ = "😀".repeat(4_000);
        Push.Notification push = notification(long_, long_);

        assertBounded(push.title(), Wording.TITLE_GRAPHEMES, Wording.TITLE_BYTES);
        assertBounded(push.body(), Wording.BODY_GRAPHEMES, Wording.BODY_BYTES);
    }

    @Test
    void whatWasWordedStaysAsItIs() {
        Wording wording = Wording.of("\"".repeat(900), FAMILY.repeat(900), "é".repeat(900), false);

        Push.Notification push = notification(wording.title(), wording.body());

        assertThat(new Wording(push.title(), push.body())).isEqualTo(wording);
    }

    @Test
    void neitherSaysTheTextWhereItIsLogged() {
        assertThat(Wording.of("Ann", null, "hello", false).toString()).doesNotContain("hello", "Ann");
        assertThat(notification("Ann", "hello").toString()).doesNotContain("hello", "Ann");
    }

    private static Push.Notification notification(String title, String body) {
        return new Push.Notification(new ThreadId("t"), new MessageId("m"), 1, title, body, 1);
    }

    private static void assertBounded(Wording wording) {
        assertBounded(wording.title(), Wording.TITLE_GRAPHEMES, Wording.TITLE_BYTES);
        assertBounded(wording.body(), Wording.BODY_GRAPHEMES, Wording.BODY_BYTES);
    }

    private static void assertBounded(String text, int graphemes, int bytes) {
        assertThat(json(text)).isLessThanOrEqualTo(bytes);
        assertThat(graphemes(text)).isLessThanOrEqualTo(graphemes);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
        assertThat(IntStream.range(0, text.length()).mapToObj(text::charAt)).noneMatch(Character::isISOControl);
    }

    private static long graphemes(String text) {
        return GRAPHEME.matcher(text).results().count();
    }

    /** As Jackson writes it by itself: what speaks to FCM is not ours. */
    private static int json(String text) {
        try {
            return new ObjectMapper().writeValueAsBytes(text).length - 2;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
