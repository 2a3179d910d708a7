package com.cove.model.push;

import org.jspecify.annotations.Nullable;

/** What a notification says: in the title whose message it is, below it the text. Short enough for FCM, whatever was written. */
public record Wording(String title, String body) {
    static final int NAME_GRAPHEMES = 60;
    static final int NAME_BYTES = 240;
    private static final String BETWEEN = " · ";
    static final int TITLE_GRAPHEMES = 2 * NAME_GRAPHEMES + 3;
    static final int TITLE_BYTES = 2 * NAME_BYTES + 4;
    static final int BODY_GRAPHEMES = 300;
    static final int BODY_BYTES = 1_200;

    private static final String NO_TITLE = "New message";
    private static final String NO_TEXT = "You have a new message";

    /**
     * Words one message.
     *
     * @param sender the sender's name; null where it is not known
     * @param thread the thread's title; null where it has none
     * @param hidden true for a neutral line in place of the text, which then stays off the lock screen and out of FCM;
     *     who wrote is shown all the same, or nobody could tell one notification from another
     */
    public static Wording of(@Nullable String sender, @Nullable String thread, String text, boolean hidden) {
        String body = hidden ? "" : Excerpt.of(text, BODY_GRAPHEMES, BODY_BYTES);
        return new Wording(title(name(sender), name(thread)), body.isEmpty() ? NO_TEXT : body);
    }

    /** Both names are shortened, and neither pushes out the other. */
    private static String title(String sender, String thread) {
        if (sender.isEmpty() || thread.isEmpty()) {
            String known = sender + thread;
            return known.isEmpty() ? NO_TITLE : known;
        }
        return thread + BETWEEN + sender;
    }

    private static String name(@Nullable String name) {
        return name == null ? "" : Excerpt.of(name, NAME_GRAPHEMES, NAME_BYTES);
    }

    /** Never the text: this may be logged. */
    @Override
    public String toString() {
        return "Wording";
    }
}
