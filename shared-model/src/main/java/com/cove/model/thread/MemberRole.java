package com.cove.model.thread;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Owner: who created a group. Member: everybody else, and both people of a direct thread. */
public enum MemberRole {
    @JsonProperty("owner")
    OWNER,
    @JsonProperty("member")
    MEMBER
}
