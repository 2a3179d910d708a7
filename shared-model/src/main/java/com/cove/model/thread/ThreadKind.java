package com.cove.model.thread;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Direct: two people, no title, one such thread per pair. Group: everything else. */
public enum ThreadKind {
    @JsonProperty("direct")
    DIRECT,
    @JsonProperty("group")
    GROUP
}
