package com.cove.model.json;

import com.cove.model.message.Message;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Messages as their annotations say, but field by field: Jackson would ask each by reflection, for fifty messages of a page. */
final class MessageWriter extends StdSerializer<Message> {
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString THREAD_ID = new SerializedString("threadId");
    private static final SerializableString SEQ = new SerializedString("seq");
    private static final SerializableString SENDER_ID = new SerializedString("senderId");
    private static final SerializableString CONTENT = new SerializedString("content");
    private static final SerializableString CONTENT_HTML = new SerializedString("contentHtml");
    private static final SerializableString CLIENT_MESSAGE_ID = new SerializedString("clientMessageId");
    private static final SerializableString CREATED_AT = new SerializedString("createdAt");
    private static final SerializableString SENDER = new SerializedString("sender");
    private static final SerializableString NAME = new SerializedString("name");
    private static final SerializableString IMAGE_URL = new SerializedString("imageUrl");

    MessageWriter() {
        super(Message.class);
    }

    @Override
    public void serialize(Message message, JsonGenerator out, SerializerProvider provider) throws IOException {
        out.writeStartObject(message);
        text(out, ID, message.id().value());
        text(out, THREAD_ID, message.threadId().value());
        out.writeFieldName(SEQ);
        out.writeNumber(message.seq());
        text(out, SENDER_ID, message.senderId().value());
        text(out, CONTENT, message.content());
        String html = message.contentHtml();
        if (html != null) {
            text(out, CONTENT_HTML, html);
        }
        if (message.clientMessageId() != null) {
            text(out, CLIENT_MESSAGE_ID, message.clientMessageId().value());
        }
        out.writeFieldName(CREATED_AT);
        InstantModule.write(message.createdAt(), out);
        out.writeFieldName(SENDER);
        sender(message.sender(), out);
        out.writeEndObject();
    }

    private static void sender(UserProfile sender, JsonGenerator out) throws IOException {
        out.writeStartObject(sender);
        text(out, ID, sender.id().value());
        text(out, NAME, sender.name());
        text(out, IMAGE_URL, sender.imageUrl());
        out.writeEndObject();
    }

    /** Null where there is none. */
    private static void text(JsonGenerator out, SerializableString field, @Nullable String value) throws IOException {
        out.writeFieldName(field);
        out.writeString(value);
    }
}
