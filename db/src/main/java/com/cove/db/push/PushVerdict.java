package com.cove.db.push;

/** Why somebody gets a push for a message, or none. What docs/push.md explains to operators. */
public enum PushVerdict {
    /** To be sent now, or tried again. */
    DUE,
    /** Read elsewhere: the notification that is shown is to be taken away. */
    WITHDRAW,
    /** FCM accepted it. */
    SENT,
    /** It was sent, and taken away after the message was read. */
    WITHDRAWN,
    /** Their own message. */
    OWN,
    /** Not a member of the thread, or there is no such message. */
    NOT_MEMBER,
    READ,
    /** The thread was muted when it was looked at. */
    MUTED,
    /** Everything up to this message had provably arrived on one of their devices. */
    REACHED,
    /** No device of theirs has a token. */
    NO_DEVICE,
    /** It was older than is worth a push before it could be sent. */
    STALE,
    /** FCM will never accept it: see the failure's code. */
    REFUSED,
    /** A later message of the thread took its place. */
    REPLACED,
    /** The grace is not over, or not all nodes have reported. */
    UNDECIDED
}
