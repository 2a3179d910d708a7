package com.cove.socket.message;

import com.cove.db.message.GroupCommit;
import com.cove.db.message.SendOutcome;
import com.cove.model.hook.Delivery;
import com.cove.model.message.SendMessage;
import com.cove.model.message.SentMessage;
import com.cove.socket.event.Answer;
import com.cove.socket.event.EventHandler;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.transport.Connection;
import java.util.Optional;

/** {@code send_message}: acknowledged once committed; delivered to every member, once, however often it is repeated. */
public final class SendMessageHandler implements EventHandler<SendMessage> {
    private final GroupCommit messages;
    private final Fanout fanout;

    public SendMessageHandler(GroupCommit messages, Fanout fanout) {
        this.messages = messages;
        this.fanout = fanout;
    }

    @Override
    public Answer handle(Connection connection, SendMessage request) {
        SendOutcome outcome = messages.send(connection.user(), request);
        Optional<Delivery> news = outcome.news();
        news.ifPresent(fanout::deliver);
        return news.map(SendMessageHandler::toldAlike).orElseGet(() -> Answer.of(new SentMessage(outcome.message())));
    }

    /** The event tells of the message as the answer does: it is written once. */
    private static Answer toldAlike(Delivery news) {
        return new Answer(news.change().payload());
    }
}
