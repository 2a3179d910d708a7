package com.cove.db.row;

import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.message.Message;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.Participant;
import com.cove.model.user.UserProfile;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What messages and threads take on the wire. A limit of rows alone bounds no answer: 4,000 times {@code <} are one row and 60 KB, as
 * escapes in {@code content} and as entities in {@code contentHtml}.
 */
public final class WireSize {
    /** For a page of REST. A Lambda may answer 6 MB, where each quote and backslash of the page is escaped once more. */
    public static final int LAMBDA_PAGE = 2 * 1024 * 1024;

    /** Ids, times and the names of the fields. */
    private static final int ENVELOPE = 512;

    private static final int PARTICIPANT = 160;
    /** Of {@link #bytes} for a character. */
    private static final int MOST_PLAIN = 6;
    /** Of {@link #content} for a character: an ampersand's. */
    private static final int MOST_CONTENT = 16;

    private WireSize() {}

    /** As many of the first messages as have these bytes together; at least one, if there is one. */
    public static List<Message> messages(List<Message> messages, int bytes) {
        long most = 0;
        for (Message message : messages) {
            most += atMost(message);
        }
        return most <= bytes ? messages : first(messages, WireSize::of, bytes);
    }

    /** As many of the first threads as have these bytes together; at least one, if there is one. */
    public static List<ChatThread> threads(List<ChatThread> threads, int bytes) {
        return first(threads, WireSize::of, bytes);
    }

    /** The bytes of the threads' JSON: close for long ones, and no less than there are. */
    public static int of(List<ChatThread> threads) {
        return threads.stream().mapToInt(WireSize::of).sum();
    }

    /** The bytes of an event's JSON, likewise. */
    public static int of(Stored event) {
        return switch (event) {
            case NewMessage news -> of(news.message());
            case ThreadCreated created -> of(created.thread());
            case MessageRead read -> ENVELOPE + plain(read.userId().value());
        };
    }

    private static <T> List<T> first(List<T> all, ToIntFunction<T> size, int bytes) {
        long total = 0;
        for (int i = 0; i < all.size(); i++) {
            total += size.applyAsInt(all.get(i));
            if (total > bytes && i > 0) {
                return List.copyOf(all.subList(0, i));
            }
        }
        return all;
    }

    private static int of(ChatThread thread) {
        Message last = thread.lastMessage();
        return ENVELOPE
                + plain(thread.title())
                + (last == null ? 0 : of(last))
                + thread.participants().stream().mapToInt(WireSize::of).sum();
    }

    private static int of(Participant participant) {
        return PARTICIPANT
                + plain(participant.id().value())
                + plain(participant.name())
                + plain(participant.imageUrl());
    }

    private static int of(Message message) {
        UserProfile sender = message.sender();
        return ENVELOPE
                + 2 * plain(sender.id().value())
                + content(message.content())
                + plain(sender.name())
                + plain(sender.imageUrl());
    }

    /** No message with texts this long takes more: most pages need not be looked at by the character. */
    private static int atMost(Message message) {
        UserProfile sender = message.sender();
        return ENVELOPE
                + MOST_PLAIN * (2 * sender.id().value().length() + length(sender.name()) + length(sender.imageUrl()))
                + MOST_CONTENT * message.content().length();
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static int content(String text) {
        int plain = plain(text);
        int entities = 0;
        for (int i = 0; i < text.length(); i++) {
            entities += entity(text.charAt(i));
        }
        return entities == 0 ? plain : 2 * plain + entities;
    }

    private static int plain(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += bytes(text.charAt(i));
        }
        return bytes;
    }

    /** As JSON in UTF-8; each half of a surrogate pair is half of four bytes. */
    private static int bytes(char c) {
        return switch (c) {
            case '<', '>', '&' -> 6;
            case '"', '\\' -> 2;
            default -> c < 0x20 ? 6 : c < 0x80 ? 1 : Character.isSurrogate(c) ? 2 : 3;
        };
    }

    /** What the entity of {@code contentHtml} takes beyond the character itself; its {@code &} is six bytes of JSON. */
    private static int entity(char c) {
        return switch (c) {
            case '<', '>' -> 3;
            case '&' -> 4;
            case '"', '\'' -> 9;
            default -> 0;
        };
    }
}
