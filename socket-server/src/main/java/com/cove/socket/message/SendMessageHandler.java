package com.cove.socket.message;

import com.cove.db.message.GroupCommit;
import com.cove.db.message.SendOutcome;
import com.cove.model.message.SendMessage;
import com.cove.model.message.SentMessage;
import com.cove.socket.event.EventHandler;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.transport.Connection;

/** {@code send_message}: acknowledged once committed; delivered to every member, once, however often it is repeated. */
public final class SendMessageHandler implements EventHandler<SendMessage, SentMessage> {
    private final GroupCommit messages;
    private final Fanout fanout;

    public SendMessageHandler(GroupCommit messages, Fanout fanout) {
        this.messages = messages;
        this.fanout = fanout;
    }

    @Override
    public SentMessage handle(Connection connection, SendMessage request) {
        SendOutcome outcome = messages.send(connection.user(), request);
        outcome.news().ifPresent(fanout::deliver);
        return new SentMessage(outcome.message());
    }
}
