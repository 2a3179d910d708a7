package com.cove.model.push;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * The beginning of a text, on one line, as what people see as characters: no family, flag or accented letter is cut. One
 * such character may be made of thousands of code points, so bytes are bounded too, and where the first one alone is too
 * large, it is cut after a code point.
 */
final class Excerpt {
    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_BYTES = 3;

    private Excerpt() {}

    /**
     * The text as it is, if it fits; otherwise its beginning and an ellipsis, within the same bounds.
     *
     * @param graphemes at most so many, two or more
     * @param bytes at most so many in JSON, as Jackson writes it: see {@link #jsonBytes(int)}
     */
    static String of(String text, int graphemes, int bytes) {
        String line = line(text);
        BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
        breaks.setText(line);
        int count = 0;
        int size = 0;
        int room = 0;
        for (int from = breaks.first(), to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            count++;
            size += jsonBytes(line, from, to);
            if (count > graphemes || size > bytes) {
                return line.substring(0, room > 0 ? room : codePoints(line, bytes - ELLIPSIS_BYTES))
                                .stripTrailing()
                        + ELLIPSIS;
            }
            if (count < graphemes && size <= bytes - ELLIPSIS_BYTES) {
                room = to;
            }
        }
        return line;
    }

    /** Where the code points end that fit. */
    private static int codePoints(String line, int bytes) {
        int size = 0;
        int end = 0;
        while (end < line.length()) {
            int c = line.codePointAt(end);
            size += jsonBytes(c);
            if (size > bytes) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    /** Lines and gaps become single blanks. Half a character has no UTF-8 form: it would fail the whole push. */
    private static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isGap(c)) {
                gap = !line.isEmpty();
            } else if (!reachesBeyond(c) && Character.getType(c) != Character.SURROGATE) {
                if (gap) {
                    line.append(' ');
                    gap = false;
                }
                line.appendCodePoint(c);
            }
        }
        return line.toString();
    }

    private static boolean isGap(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    /** Embeddings, overrides and isolates of direction: left open by one name, they would turn round the next. */
    private static boolean reachesBeyond(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    private static int jsonBytes(String text, int from, int to) {
        int bytes = 0;
        for (int i = from; i < to; ) {
            int c = text.codePointAt(i);
            bytes += jsonBytes(c);
            i += Character.charCount(c);
        }
        return bytes;
    }

    /** UTF-8; but quotes and backslashes are escaped, and what is beyond 16 bits becomes two escapes of six bytes each. */
    private static int jsonBytes(int c) {
        if (c < 0x80) {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        if (c < 0x800) {
            return 2;
        }
        return c < 0x10000 ? 3 : 12;
    }
}
