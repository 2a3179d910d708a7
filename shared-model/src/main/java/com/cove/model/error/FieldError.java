package com.cove.model.error;

/** What is wrong with one field of a request: its name (dotted where nested) and a sentence for developers. */
public record FieldError(String field, String message) {}
