package com.cove.api.http;

/** What an endpoint answers: an HTTP status of success and a record of the model. */
public record Answer(int status, Record body) {
    public static Answer ok(Record body) {
        return new Answer(200, body);
    }

    /** 201 for what this request made, 200 for what was there before. */
    public static Answer created(boolean created, Record body) {
        return new Answer(created ? 201 : 200, body);
    }
}
