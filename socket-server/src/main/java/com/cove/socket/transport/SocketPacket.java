package com.cove.socket.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO packet (protocol 5) as read from the text of an Engine.IO message:
 * {@code <type>[<attachments>-][<namespace>,][<ack id>][<JSON>]}. The JSON is left unread, from {@code start} of the text.
 *
 * <p>Replaces netty-socketio's PacketDecoder, whose number parsing is quadratic, whose attachments have no bound (issue 945
 * mended what is reserved ahead) and which takes the unread rest of one packet for the next (issue 964 mended it for
 * acknowledgements).
 */
record SocketPacket(
        Type type,
        int attachments,
        String namespace,
        @Nullable String ackId,
        String text,
        int start) {
    private static final int MAX_NAMESPACE_LENGTH = 128;

    enum Type {
        CONNECT('0'),
        DISCONNECT('1'),
        EVENT('2'),
        ACK('3'),
        CONNECT_ERROR('4'),
        BINARY_EVENT('5'),
        BINARY_ACK('6');

        private final char digit;

        Type(char digit) {
            this.digit = digit;
        }

        static Type of(char digit) {
            for (Type type : values()) {
                if (type.digit == digit) {
                    return type;
                }
            }
            throw new ProtocolException("unknown packet type");
        }

        boolean binary() {
            return this == BINARY_EVENT || this == BINARY_ACK;
        }
    }

    String json() {
        return text.substring(start);
    }

    int jsonLength() {
        return text.length() - start;
    }

    private boolean startsWith(String json) {
        return text.startsWith(json, start);
    }

    /** @param message with its Engine.IO type digit */
    static SocketPacket parse(String message, TransportConfig.Packets limits) {
        return new Reader(message).packet(limits);
    }

    /** @param json an array, in parts */
    static List<Frame> event(String namespace, List<byte[]> attachments, String... json) {
        return encode(attachments.isEmpty() ? Type.EVENT : Type.BINARY_EVENT, namespace, "", attachments, json, "");
    }

    /** @param json the one argument, in parts */
    static List<Frame> acknowledgement(String namespace, String id, List<byte[]> attachments, String... json) {
        return encode(attachments.isEmpty() ? Type.ACK : Type.BINARY_ACK, namespace, id + "[", attachments, json, "]");
    }

    static Frame connectReply(String namespace, String json) {
        return encode(Type.CONNECT, namespace, "", List.of(), new String[] {json}, "")
                .getFirst();
    }

    static Frame connectError(String namespace, String json) {
        return encode(Type.CONNECT_ERROR, namespace, "", List.of(), new String[] {json}, "")
                .getFirst();
    }

    private static List<Frame> encode(
            Type type, String namespace, String before, List<byte[]> attachments, String[] json, String behind) {
        String count = type.binary() ? attachments.size() + "-" : "";
        String place = namespace.equals(TransportConfig.MAIN_NAMESPACE) ? "" : namespace + ",";
        String[] parts = new String[json.length + 2];
        parts[0] = "4" + type.digit + count + place + before;
        System.arraycopy(json, 0, parts, 1, json.length);
        parts[json.length + 1] = behind;
        Frame text = Frame.text(parts);
        if (attachments.isEmpty()) {
            return text.alone();
        }
        List<Frame> frames = new ArrayList<>(attachments.size() + 1);
        frames.add(text);
        attachments.forEach(bytes -> frames.add(Frame.binary(bytes)));
        return frames;
    }

    /** Reads left to right, each part once. */
    private static final class Reader {
        private final String text;
        private int at = 1;

        Reader(String text) {
            this.text = text;
        }

        SocketPacket packet(TransportConfig.Packets limits) {
            Type type = type();
            int attachments = type.binary() ? attachments(limits.maxAttachments()) : 0;
            String namespace = namespace();
            String digits = digits(limits.maxAckDigits());
            return checked(new SocketPacket(type, attachments, namespace, digits.isEmpty() ? null : digits, text, at));
        }

        private Type type() {
            return Type.of(at == text.length() ? ' ' : text.charAt(at++));
        }

        private int attachments(int max) {
            String digits = digits(4);
            if (digits.isEmpty() || at == text.length() || text.charAt(at++) != '-') {
                throw new ProtocolException("attachment count expected");
            }
            int count = Integer.parseInt(digits);
            if (count > max) {
                throw new ProtocolException("too many attachments");
            }
            return count;
        }

        private String namespace() {
            if (at == text.length() || text.charAt(at) != '/') {
                return TransportConfig.MAIN_NAMESPACE;
            }
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            if (end - at > MAX_NAMESPACE_LENGTH) {
                throw new ProtocolException("namespace too long");
            }
            String namespace = text.substring(at, end);
            at = comma < 0 ? end : comma + 1;
            // A query behind the namespace belongs to older protocols and is no part of its name.
            int query = namespace.indexOf('?');
            return query < 0 ? namespace : namespace.substring(0, query);
        }

        private String digits(int max) {
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
                if (at - start > max) {
                    throw new ProtocolException("number too long");
                }
            }
            return text.substring(start, at);
        }

        private static SocketPacket checked(SocketPacket packet) {
            boolean fits = switch (packet.type) {
                case CONNECT -> packet.jsonLength() == 0 || packet.startsWith("{");
                case DISCONNECT -> packet.jsonLength() == 0;
                case EVENT, BINARY_EVENT -> packet.startsWith("[");
                case ACK, BINARY_ACK -> packet.ackId != null && packet.startsWith("[");
                case CONNECT_ERROR -> false;
            };
            if (!fits) {
                throw new ProtocolException("malformed "
                        + packet.type.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
            return packet;
        }
    }
}
